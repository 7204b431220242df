#!/bin/sh
# Opens the status page of a scripted appliance in headless Chromium, and uses it as a technician does:
# by eye, by keyboard and, as far as axe-core can tell, by screen reader. And looks into the appliance's
# memory for a code that it gave to a branch's screen.
#   status_page.sh BUILD-DIRECTORY [TEST...]
# Debian packages: chromium, python3-venv.
set -eu
here=$(dirname "$(readlink -f "$0")")
BRANCH_FIXTURE=$(readlink -f "$1")/branch-fixture
export BRANCH_FIXTURE
shift
[ $# -gt 0 ] || set -- test_session_code test_status_page
python=$("$here/environment.sh")/bin/python3
cd "$here"
exec "$python" -m unittest --verbose "$@"
