#!/bin/sh
# Compiles careful_tap.c outside the tree when it has changed, and prints the program's path.
# Debian packages: gcc, pkg-config, libnfc-dev.
set -eu
here=$(dirname "$(readlink -f "$0")")
folder=${XDG_CACHE_HOME:-$HOME/.cache}/smart-otp-reader
version=$(cksum < "$here/careful_tap.c" | tr ' ' '-')
program=$folder/careful_tap-$version

if [ ! -x "$program" ]; then
  mkdir -p "$folder"
  # shellcheck disable=SC2046 # pkg-config's words are meant to split
  cc -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra -Wpedantic -Werror \
    "$here/careful_tap.c" $(pkg-config --cflags --libs libnfc) -o "$program.$$"
  mv "$program.$$" "$program"
fi
echo "$program"
