#!/bin/sh
# doctor, nfc-list, pcsc_scan and nfcpy on the same planted faults; see who_names_the_cause.py.
# Debian packages beside those of script/setup --tests: pcsc-tools, libccid, lsof.
set -eu
here=$(dirname "$(readlink -f "$0")")
swift build --package-path "$here/../Bench" --product usb-bench >&2
exec "$("$here/environment.sh")/bin/python" "$here/who_names_the_cause.py" "$@"
