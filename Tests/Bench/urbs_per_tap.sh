#!/usr/bin/env bash
# Counts the USB transfers (URBs) a tap costs, ours beside a careful C program's on libnfc, on the
# simulated USB readers. Fails when ours costs more.
#   Tests/Bench/urbs_per_tap.sh FOLDER      where smartotp and smartotp-reader are
set -euo pipefail
folder=$(realpath "$1")
cd "$(dirname "$0")/../.."

swift build --package-path Tests/Bench --product usb-bench >&2
bench=Tests/Bench/.build/debug/usb-bench
careful_tap=$(Tests/Peers/careful_tap.sh)
card=K01:12345678:$(printf 01234567890123456789012345678901 | od -An -tx1 | tr -d ' \n')
name=smartotp:K01:12345678
challenge=79A43E1F1A02C642

# Transfers in all of a run: bulk transfers in and out, without those to the control pipe.
transfers() {
  local reader=$1
  shift
  "$bench" run --reader "$reader" --smart-otp "$card" --count -- "$@" 2>&1 >/dev/null |
    awk '/ transfers in / { print $4 + $6 }'
}

# What ten more taps cost, shared among them, and what opening and closing cost.
cost() {
  local label=$1 reader=$2 one eleven
  one=$(transfers "$reader" "${@:3}" 1)
  eleven=$(transfers "$reader" "${@:3}" 11)
  awk -v label="$label" -v reader="$reader" -v one="$one" -v eleven="$eleven" 'BEGIN {
    tap = (eleven - one) / 10
    printf "%-9s %-12s %5.1f transfers a tap, %3d for opening and closing\n", reader, label, tap, one - tap }'
}

status=0
for reader in acr122u pn533; do
  case $reader in acr122u) driver=acr122_usb ;; *) driver=pn53x_usb ;; esac
  ours=$(cost smartotp "$reader" "$folder/smartotp" bench-reader --reader "$driver" \
    --credential "$name" --challenge "$challenge" --taps)
  theirs=$(cost careful_tap "$reader" "$careful_tap" "$driver:001:002" "$name" "$challenge")
  printf '%s\n%s\n' "$ours" "$theirs"
  awk -v ours="$(awk '{ print $3 }' <<<"$ours")" -v theirs="$(awk '{ print $3 }' <<<"$theirs")" \
    'BEGIN { exit !(ours > theirs) }' && status=1
done
exit $status
