#!/usr/bin/env bash
# Lets schemathesis try the centre's API against its own description, as each kind of client: no
# server error, no answer that is not described.
#   schemathesis.sh BUILD-DIRECTORY [SECONDS-A-CLIENT]
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
build=$(readlink -f "$1")
seconds=${2:-15}
schemathesis=$("$here/environment.sh")/bin/schemathesis
work=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" || true; fi
  rm -rf "$work"
}
trap finish EXIT

"$build/center-bench" prepare "$work/centre" --server "$build/smartotp-center"
mkfifo "$work/started"
"$build/smartotp-center" serve --data "$work/centre" --port 0 --json --log-level error \
  --enrolments-per-minute 600000 >"$work/started" 2>"$work/log" &
server=$!
read -r line <"$work/started"
port=$(sed 's/.*"port":\([0-9]*\).*/\1/' <<<"$line")

# Its names are read from beside it.
cp "$here/schemathesis.toml" "$work/centre"
sed -i 's/.*/"&"/' "$work"/centre/names/*
# It keeps a cache where it runs.
cd "$work"
status=0
try() { # client, then options
  local client=$1
  shift
  local certificate=()
  if [ "$client" != nobody ]; then
    certificate=(--request-cert "$work/centre/$client.pem" --request-cert-key "$work/centre/$client.key")
  fi
  printf -- '-- as %s\n' "$client"
  "$schemathesis" --no-color --config-file "$work/centre/schemathesis.toml" run \
    "https://localhost:$port/v1/openapi.yaml" --tls-verify "$work/centre/ca.pem" \
    "${certificate[@]}" --max-time "$seconds" --seed 1 "$@" >"$work/report" 2>&1 || {
    status=1
    cat "$work/report"
  }
  grep -E 'generated|passed|failed' "$work/report" | tail -3 || true
}
try institution
try operator
try device --rate-limit 9/s
try nobody --rate-limit 19/s

if [ -s "$work/log" ]; then
  echo "The server logged:"
  cat "$work/log"
  status=1
fi
exit $status
