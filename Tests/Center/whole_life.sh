#!/bin/sh
# The whole life of a card by the commands that people type, on a simulated reader and a centre of its
# own: issue, device, further institutions, transaction, codes, lock, loss. Says each step; ends at the
# first that goes another way than it should.
#
#   Tests/Center/whole_life.sh [PROFILE]     yubikey (default), javacard, token or stick
#
# BIN names the folder of the built programs, by default .build/debug. Needs openssl.
set -eu
here=$(dirname "$(readlink -f "$0")")
bin=$(readlink -f "${BIN:-$here/../../.build/debug}")
profile=${1:-yubikey}
work=$(mktemp -d)
port=$((20000 + $$ % 20000))
center_pid= sim_pid=
PATH=$bin:$PATH

end() {
  status=$?
  trap - EXIT INT TERM
  exec 9>&- 8<&- || true
  [ -z "$sim_pid" ] || kill "$sim_pid" 2>/dev/null || true
  [ -z "$center_pid" ] || kill "$center_pid" 2>/dev/null || true
  wait 2>/dev/null || true
  [ $status -eq 0 ] || { echo "--- the centre's log"; tail -20 "$work/center.log"; } >&2 || true
  rm -rf "$work"
  exit $status
}
trap end EXIT
trap 'exit 130' INT TERM

say() { echo "== $*"; }
fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# expect STATUS TEXT COMMAND...: the command ends with this status and says this text.
expect() {
  wanted=$1 text=$2
  shift 2
  got=0
  "$@" >"$work/out" 2>"$work/err" || got=$?
  sed 's/^/   /' "$work/err" "$work/out"
  [ "$got" = "$wanted" ] || fail "$* ended with $got, not $wanted"
  grep -q -- "$text" "$work/out" "$work/err" || fail "$* did not say: $text"
}

# value KEY: a text or number of the last JSON line that was printed.
value() { tail -n 1 "$work/out" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

bank() { SMARTOTP_IDENTITY=$work/004 smartotp "$@"; }
securities() { SMARTOTP_IDENTITY=$work/088 smartotp "$@"; }
device() { SMARTOTP_IDENTITY=$work/device smartotp "$@"; }
center() {
  command=$1 verb=$2
  shift 2
  smartotp-center "$command" "$verb" --data "$work/center" "$@"
}
sim() {
  echo "$*" >&9
  read -r answer <&8
  case $answer in error*) fail "the simulator: $answer" ;; esac
}

# lifted COUNT: until the program has seen the card leave so many times.
lifted() {
  until [ "$(grep -c card-left "$work/confirm" || true)" -ge "$1" ]; do
    kill -0 $confirming 2>/dev/null || fail "confirm ended: $(cat "$work/err")"
    sleep 0.05
  done
}

# two_taps CARD-NUMBER: confirm; the transaction appears; the card is lifted and laid on again.
two_taps() {
  rm -f "$work/confirm"
  device confirm --json >"$work/confirm" 2>"$work/err" &
  confirming=$!
  until [ -s "$work/confirm" ]; do
    kill -0 $confirming 2>/dev/null || { cat "$work/err"; fail "no transaction was shown"; }
    sleep 0.05
  done
  sim remove 1
  lifted 1
  sim tap "$1"
}

say "a centre is made"
smartotp-center init --data "$work/center" --host localhost

say "two institutions, one that issues cards"
center institution add 004 "Hankang Bank" --vendor K01
center institution add 088 "Nuri Securities"
for code in 004 088; do
  center ca issue --role institution --name $code --out "$work/$code"
done

say "an authority that is accredited for persons, and a customer's certificate of it"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Accredited" \
  -keyout "$work/root.key" -out "$work/root.pem" 2>/dev/null
: >"$work/index.txt"
printf '[ca]\ndefault_ca=a\n[a]\ndatabase=%s/index.txt\ndefault_md=sha256\ndefault_crl_days=7\n' \
  "$work" >"$work/ca.cnf"
openssl ca -gencrl -config "$work/ca.cnf" -keyfile "$work/root.key" -cert "$work/root.pem" \
  -out "$work/root.crl" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
  -subj "/C=KR/serialNumber=PASKR-M12345678/CN=Hong Gildong" \
  -keyout "$work/customer.key" -out "$work/customer.csr" 2>/dev/null
printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n' >"$work/ext"
openssl x509 -req -days 30 -in "$work/customer.csr" -CA "$work/root.pem" -CAkey "$work/root.key" \
  -CAcreateserial -extfile "$work/ext" -out "$work/customer.pem" 2>/dev/null
echo "open sesame" >"$work/passphrase"
openssl pkcs12 -export -in "$work/customer.pem" -inkey "$work/customer.key" \
  -out "$work/customer.p12" -passout "file:$work/passphrase"
chmod go= "$work/customer.p12" "$work/passphrase"
center ca trust "$work/root.pem"
center ca trust "$work/root.crl"

say "the centre runs"
smartotp-center serve --data "$work/center" --port $port >"$work/center.log" 2>&1 &
center_pid=$!
until grep -q "port $port" "$work/center.log"; do
  kill -0 $center_pid 2>/dev/null || fail "the centre does not run"
  sleep 0.1
done
export SMARTOTP_CENTER=https://localhost:$port SMARTOTP_CENTER_CA=$work/center/ca.pem

say "a reader with two blank cards, one of them on it"
mkfifo "$work/to-sim" "$work/from-sim"
smartotp-sim --card oath --card oath --profile "$profile" --absent --link "$work/reader" \
  <"$work/to-sim" >"$work/from-sim" 2>"$work/sim.log" &
sim_pid=$!
exec 9>"$work/to-sim" 8<"$work/from-sim"
read -r first <&8
export SMARTOTP_READER="pn532_uart:$work/reader:115200"
sim tap 1

say "the bank issues a card by tap"
expect 0 "active" bank issue --serial 12345678 --customer-name "Hong Gildong" \
  --customer-kind personal --document-kind passport --document-number M12345678 \
  --contact 010-0000-0000 --language ko
say "a company gets none"
expect 65 "corporations" bank issue --customer-name "Kim Ltd" --customer-kind corporate \
  --document-kind passport --document-number M99999999 --contact 02-000-0000

say "on a device that is not registered the card itself refuses"
expect 0 "^6982$" smartotp apdu 00A4040007A0000005272101 \
  00A20001217115736D6172746F74703A4B30313A31323334353637387408FFFFFFFFFFFFFFFF
expect 78 "not registered" device confirm

say "the device is registered, and the card on it"
expect 0 "code" bank registration-code --json
expect 0 "registered as" device device register --name "branch 7" --code "$(value code)"
expect 0 "code" bank registration-code K01:12345678 --json
expect 0 "K01:12345678.* ko" device device add-card K01:12345678 --code "$(value code)"
say "an operator changes the cardholder's language"
expect 0 "speaks hi" center card language K01:12345678 hi
expect 0 " hi" device device cards
expect 0 "active" device device status

say "another institution registers the card in person, with its tap"
expect 77 "identity document" securities register-institution --in-person K01:12345678 \
  --document-kind passport --document-number M00000000
expect 0 "registered" securities register-institution --in-person K01:12345678 \
  --document-kind passport --document-number M12345678 --json
registration=$(value registration)
expect 0 "withdrawn" securities registrations --withdraw "$registration"
say "and online, with a signature"
expect 0 "online" securities register-institution --online K01:12345678 \
  --certificate "$work/customer.p12" --passphrase-file "$work/passphrase"

say "a transaction, two taps, a code"
expect 0 "pending" securities transaction post K01:12345678 --field payee=Kim \
  --field "amount=KRW 1500000" --json
transaction=$(value id)
two_taps 1
wait $confirming || fail "confirm: $(cat "$work/err")"
grep -q '"institutionName":"Nuri Securities"' "$work/confirm" || fail "confirm did not name the institution"
cp "$work/confirm" "$work/out"
code=$(value code)
expect 0 "accepted" securities transaction verify "$transaction" "$code"
say "the same code a second time"
expect 65 "not in a state\|verified" securities transaction verify "$transaction" "$code"

say "another card at the second tap confirms nothing"
expect 0 "pending" bank transaction post K01:12345678 --kind login --json
transaction=$(value id)
two_taps 2
until grep -q "another card" "$work/err"; do
  kill -0 $confirming 2>/dev/null || fail "confirm ended: $(cat "$work/err")"
  sleep 0.05
done
sim remove 2
lifted 2
sim tap 1
wait $confirming || fail "confirm: $(cat "$work/err")"
cp "$work/confirm" "$work/out"
expect 0 "accepted" bank transaction verify "$transaction" "$(value code)"

say "ten wrong codes lock the card"
wrong=0
while [ $wrong -lt 10 ]; do
  expect 0 "pending" bank transaction post K01:12345678 --kind login --json
  transaction=$(value id)
  two_taps 1
  wait $confirming || fail "confirm: $(cat "$work/err")"
  cp "$work/confirm" "$work/out"
  right=$(value code)
  try=0
  while [ $try -lt 5 ] && [ $wrong -lt 10 ]; do
    guess=$(printf %06d $(((1$right - 1000000 + try + 1) % 1000000)))
    expect 65 "wrong" bank transaction verify "$transaction" "$guess"
    try=$((try + 1)) wrong=$((wrong + 1))
  done
done
grep -q "locked" "$work/err" || fail "the tenth wrong code did not lock the card"
expect 77 "locked" bank transaction post K01:12345678 --kind login
say "its issuer unlocks it, in person"
expect 0 "K01:12345678" bank unlock K01:12345678 --document-kind passport --document-number M12345678
expect 0 "pending" bank transaction post K01:12345678 --kind login --json

say "the card is lost: it stops everywhere at once"
expect 0 "lost" bank report-lost K01:12345678 --reason "left on a train"
expect 77 "lost" bank transaction post K01:12345678 --kind login
expect 77 "" device confirm
expect 0 "forgotten" device device cards

say "the centre's books are right"
center audit verify
smartotp-center verify --data "$work/center"
echo "the whole life of a card: done ($profile)"
