#!/bin/sh
# nfc-list, nfc-poll and nfcpy against smartotp-sim; see nfc_tools.py.
set -eu
here=$(dirname "$(readlink -f "$0")")
exec "$("$here/environment.sh")/bin/python" "$here/nfc_tools.py" "$@"
