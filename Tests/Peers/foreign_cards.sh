#!/bin/sh
# smartotp with the Python card over vpcd; see foreign_cards.py.
set -eu
exec python3 "$(dirname "$(readlink -f "$0")")/foreign_cards.py" "$@"
