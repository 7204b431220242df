#!/bin/sh
# Makes the Python environment of the browser test outside the tree and prints its path.
set -eu
here=$(dirname "$(readlink -f "$0")")
home=${XDG_CACHE_HOME:-$HOME/.cache}/smart-otp-reader/branch-venv
stamp=$home/requirements.txt

if ! cmp -s "$here/requirements.txt" "$stamp"; then
  mkdir -p "$(dirname "$home")"
  exec 9>"$home.lock"
  flock 9
  if ! cmp -s "$here/requirements.txt" "$stamp"; then
    python3 -m venv --clear "$home" >&2
    "$home/bin/pip" install --quiet --requirement "$here/requirements.txt" >&2
    cp "$here/requirements.txt" "$stamp"
  fi
fi
echo "$home"
