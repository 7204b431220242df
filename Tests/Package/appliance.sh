#!/bin/sh
# In a system with the packages: a centre, a registered appliance as its service, a posted transaction, two taps on a
# simulated reader, the code, which the centre accepts once. Run by installed.sh; as root.
#   appliance.sh [--without-systemd]
set -eu
units=true
[ "${1:-}" != --without-systemd ] || units=false
work=$(mktemp -d)
chmod 755 "$work"
pids=

end() {
  status=$?
  trap - EXIT
  exec 9>&- 8<&- || true
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  ! $units || [ $status -eq 0 ] || log | tail -n 40 >&2
  if [ $status -ne 0 ]; then cat "$work"/*.log >&2 || true; fi
  rm -rf "$work"
  exit $status
}
trap end EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}
center() { runuser -u smartotp-center -- smartotp-center "$@" --data /var/lib/smartotp-center; }
bank() { SMARTOTP_IDENTITY=$work/bank smartotp "$@"; }
device() { runuser -u smartotp -- env SMARTOTP_IDENTITY=/var/lib/smartotp smartotp "$@"; }
value() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }
# What the appliance has logged.
log() { if $units; then journalctl --quiet --output=cat --unit=smartotpd.service; else cat "$work/smartotpd.log"; fi; }
branch() { curl -s --max-time 20 --unix-socket /run/smartotp/branch.sock "http://appliance/v1/$1"; }
card() {
  echo "$1" >&9
  read -r said <&8
  case $said in ok*) ;; *) fail "the simulator: $said" ;; esac
}
# until_status TEXT: until this stands in the branch API's status, for a minute.
until_status() {
  limit=$(($(date +%s) + 60))
  until branch status >"$work/status"; grep -q "$1" "$work/status"; do
    if grep -q '"phase":"restricted"' "$work/status" || [ "$(date +%s)" -ge $limit ]; then
      cat "$work/status" >&2
      fail "the appliance's status does not say $1"
    fi
    sleep 0.2
  done
}
until_phase() { until_status "\"phase\":\"$1\""; }

echo "== a centre, and a bank that issues cards"
if ! [ -e /var/lib/smartotp-center/ca.pem ]; then center init --host localhost >/dev/null; fi
if $units; then
  systemctl start smartotp-center.service
else
  # setpriv becomes the program, so that what is ended is the program.
  setpriv --reuid=smartotp-center --regid=smartotp-center --init-groups --reset-env \
    /usr/bin/smartotp-center serve --port 8443 --data /var/lib/smartotp-center >"$work/center.log" 2>&1 &
  center=$!
  pids="$pids $center"
fi
tries=0
until echo | openssl s_client -connect localhost:8443 2>&1 | grep -q subject=; do
  $units || kill -0 "$center" 2>/dev/null || fail "the centre does not run"
  tries=$((tries + 1))
  [ $tries -lt 100 ] || fail "the centre does not listen"
  sleep 0.2
done
center institution add 004 "First bank" --vendor K01
center ca issue --role institution --name 004 --out /var/lib/smartotp-center/bank >/dev/null
cp /var/lib/smartotp-center/bank.pem /var/lib/smartotp-center/bank.key "$work"
install -m 644 /var/lib/smartotp-center/ca.pem /etc/smartotp/ca.pem
export SMARTOTP_CENTER=https://localhost:8443 SMARTOTP_CENTER_CA=/etc/smartotp/ca.pem

echo "== a simulated reader with a blank card"
mkfifo "$work/hand" "$work/done"
smartotp-sim --card oath --absent --link "$work/reader" <"$work/hand" >"$work/done" 2>"$work/sim.log" &
pids="$pids $!"
exec 9>"$work/hand" 8<"$work/done"
read -r _ <&8
port=$(readlink -f "$work/reader")
export SMARTOTP_READER="pn532_uart:$port:115200"
card tap
bank issue --serial 12345678 --customer-name "Hong Gildong" --customer-kind personal \
  --document-kind passport --document-number M12345678 --contact 010-0000-0000

echo "== the device is registered, and the card on it"
device device register --name branch-7 --code "$(bank registration-code --json | value code)"
chown smartotp "$port"
device device add-card K01:12345678 --code "$(bank registration-code K01:12345678 --json | value code)"
card remove

echo "== the appliance runs"
user=smartotp
if $units; then user=smartotp-reader; fi
chown "$user" "$port"
cat >/etc/smartotp/smartotpd.yaml <<-END
	reader: $SMARTOTP_READER
	branch: { socket: /run/smartotp/branch.sock, show-code: true }
	times: { show: 10 }
	END
if $units; then
  mkdir -p /run/systemd/system/smartotp-reader@.service.d
  printf '[Service]\nDeviceAllow=char-pts rw\n' >/run/systemd/system/smartotp-reader@.service.d/simulated.conf
  systemctl daemon-reload
  systemctl restart smartotpd.service
else
  install -d -o smartotp -g smartotp /run/smartotp
  setpriv --reuid=smartotp --regid=smartotp --init-groups --reset-env --no-new-privs \
    /usr/sbin/smartotpd --config /etc/smartotp/smartotpd.yaml >"$work/smartotpd.log" 2>&1 &
  pids="$pids $!"
fi
until_phase idle
# What lies on a reader when it is opened may have lain there before, and is no tap: the appliance has seen a
# clear reader once it has seen a card go.
card tap
until_status '"cardIsThere":true'
card remove
until_status '"cardIsThere":false'
until_phase idle
if $units; then
  systemctl is-active smartotpd.service
  ps -o user:20,rss,comm -C smartotpd,smartotp-reader,smartotp-center
  systemctl show smartotpd.service -p NRestarts -p StatusText -p WatchdogUSec
fi

echo "== a transaction, two taps, a code"
id=$(bank transaction post K01:12345678 --field payee=Kim --field "amount=KRW 1500000" --json | value id)
until_phase awaiting-card
card tap
until_phase presenting
until_status '"cardIsThere":true'
card remove
until_status '"cardIsThere":false'
card tap
until_phase showing
code=$(branch session | value code)
card remove
bank transaction verify "$id" "$code"
! bank transaction verify "$id" "$code" 2>/dev/null || fail "the code was taken twice"
until_phase idle
! branch session | grep -q '"code"' || fail "the code is still shown"
log | sed 's/^/   /'
! log | grep -q 'cannot be locked' || fail "its secrets are not locked in memory"
if $units; then
  systemctl reload smartotpd.service
  sleep 1
  systemctl is-active smartotpd.service
  [ "$(systemctl show smartotpd.service -p NRestarts --value)" = 0 ] || fail "smartotpd was restarted"
fi
echo "the appliance: done"
