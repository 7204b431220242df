#!/bin/sh
# ykman against an OATH card behind pcscd and vpcd; see ykman_check.py.
set -eu
here=$(dirname "$(readlink -f "$0")")
exec "$("$here/environment.sh")/bin/python" "$here/ykman_check.py" "$@"
