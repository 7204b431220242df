#!/usr/bin/env bash
# Installs the packages in a fresh Debian and uses them. Says what it checks; ends at the first that fails.
#   Tests/Package/installed.sh [--arch amd64|arm64] [--packages DIR]
# amd64: Debian 12, booted in a container with its own systemd. arm64: Debian 13 under qemu-user, without
# systemd. SMARTOTP_ROOTS names the folder that keeps the fresh systems, by default in the user's cache. Needs
# root, debootstrap; systemd-container for amd64, qemu-user-static and iproute2 for arm64. Takes some minutes.
# shellcheck disable=SC2016 # single quotes are for the shell and the perl inside
set -euo pipefail
cd "$(dirname "$0")/../.."
arch=$(dpkg --print-architecture) packages=.build/packages
while [ $# -gt 0 ]; do
  case $1 in
  --arch) arch=$2 && shift 2 ;;
  --packages) packages=$2 && shift 2 ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2 && exit 64 ;;
  esac
done
roots=${SMARTOTP_ROOTS:-${XDG_CACHE_HOME:-$HOME/.cache}/smartotp-roots}
mirror=${SMARTOTP_MIRROR:-http://deb.debian.org/debian}
suite=bookworm
[ "$arch" != arm64 ] || suite=trixie
fresh=$roots/$suite-$arch root=$roots/$suite-$arch.used
leader='' container=''

say() { printf '== %s\n' "$*"; }
fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

end() {
  status=$?
  trap - EXIT
  if [ -n "$container" ]; then
    [ $status -eq 0 ] || inside journalctl --no-pager -n 40 >&2 || true
    inside systemctl poweroff >/dev/null 2>&1 || true
    wait "$container" 2>/dev/null || true
  fi
  for mounted in proc dev/pts; do umount "$root/$mounted" 2>/dev/null || true; done
  rm -rf "$root"
  exit $status
}
trap end EXIT

# inside COMMAND...: in the system, as root.
inside() {
  if [ -n "$leader" ]; then
    nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup --root env -i -C / \
      PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
  else
    chroot "$root" env -i -C / PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
      DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# apart COMMAND...: the same; without its own systemd, also with processes that all end with the command, and a
# network of its own.
apart() {
  if [ -n "$leader" ]; then
    inside "$@"
  else
    unshare --pid --fork --kill-child --mount-proc="$root/proc" --net sh -euc 'ip link set lo up; root=$1; shift
      exec chroot "$root" env -i -C / PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root "$@"' \
      sh "$root" "$@"
  fi
}

say "a fresh Debian ($suite, $arch)"
mkdir -p "$roots"
if [ "$arch" = arm64 ] && [ ! -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ]; then
  [ -e /proc/sys/fs/binfmt_misc/register ] || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
  cat /usr/lib/binfmt.d/qemu-aarch64.conf >/proc/sys/fs/binfmt_misc/register
fi
if [ ! -e "$fresh.done" ]; then
  debootstrap --arch="$arch" --variant=minbase \
    --include=ca-certificates,openssl,procps,udev,systemd,systemd-sysv,dbus "$suite" "$fresh" "$mirror" >&2
  touch "$fresh.done"
fi
umount "$root/proc" "$root/dev/pts" 2>/dev/null || true
rm -rf "$root"
cp -a "$fresh" "$root"
mkdir -p "$root/srv/packages" "$root/srv/tests"
cp "$packages"/*_"$arch".deb "$root/srv/packages"
cp Tests/Center/whole_life.sh Tests/Package/appliance.sh "$root/srv/tests"
cp /etc/resolv.conf "$root/etc/resolv.conf"
echo "127.0.0.1 localhost" >"$root/etc/hosts"

if [ "$arch" = arm64 ]; then
  mount -t proc proc "$root/proc"
  mount --bind /dev/pts "$root/dev/pts"
else
  say "it boots"
  systemd-machine-id-setup --root="$root" >/dev/null 2>&1
  ln -sf /dev/null "$root/etc/systemd/system/systemd-firstboot.service"
  # A machine lets its services lock memory; systemd-nspawn does not unless told.
  systemd-nspawn --register=no --keep-unit --quiet --system-call-filter=@memlock --directory="$root" --boot --console=pipe \
    </dev/null >"$roots/boot.log" 2>&1 &
  container=$!
  for _ in $(seq 300); do
    leader=$(pgrep --parent "$container" systemd | head -n 1 || true)
    [ -z "$leader" ] || ! inside systemctl is-system-running 2>/dev/null | grep -q 'running\|degraded' || break
    sleep 0.2
  done
  inside systemctl is-system-running || true
fi

say "the packages are installed, with what they depend on"
inside apt-get -q -o Acquire::Check-Valid-Until=false update >/dev/null
inside sh -c 'apt-get -q -y --no-install-recommends install curl libxml2 /srv/packages/*.deb' >"$root/srv/apt.log" 2>&1 ||
  { tail -30 "$root/srv/apt.log" >&2; fail "apt"; }
inside dpkg-query -W -f '${Package} ${Version} ${Architecture} ${Status}\n' 'smartotp-*'

say "the manifest is signed, and true"
inside sh -c 'cd /usr/share/smartotp && openssl dgst -sha256 -verify manifest.pem -signature manifest.sig manifest &&
  sha256sum --check --quiet manifest'

say "programs, pages and completions"
inside smartotp --version
inside sh -c 'for page in man1/smartotp.1 man8/smartotp-reader.8 man1/smartotp-center.1 man1/smartotp-sim.1; do
  gzip -t /usr/share/man/$page.gz; done; bash -n /usr/share/bash-completion/completions/smartotp'

say "users, folders, configuration"
inside getent passwd smartotp smartotp-reader smartotp-center
inside id smartotp-reader
[ "$(inside stat -c '%U %a' /var/lib/smartotp)" = "smartotp 700" ] || fail "/var/lib/smartotp"
[ "$(inside stat -c '%U %a' /var/lib/smartotp-center)" = "smartotp-center 700" ] || fail "/var/lib/smartotp-center"
[ "$(inside stat -c '%U %a' /etc/credstore/smartotp.branch-token)" = "root 600" ] || fail "the branch's token"
if inside test -x /usr/sbin/smartotpd; then
  inside smartotpd --check-config
fi

say "units and udev's rules, as this system reads them"
units=(smartotpd.service smartotp-reader@1.service smartotp-center.service)
verified=$(inside systemd-analyze verify --man=no "${units[@]}" smartotp-reader.socket smartotp-keyboard.service 2>&1 |
  grep smartotp || true)
[ -z "$verified" ] || fail "$verified"
for unit in "${units[@]}"; do
  inside systemd-analyze security --offline=true --threshold=20 "$unit" | sed -n 's/^→ //p'
done
if inside udevadm verify --help >/dev/null 2>&1; then
  inside sh -c 'udevadm verify /usr/lib/udev/rules.d/*-smartotp-*.rules'
else
  echo "the rules are not checked: udevadm verify came with systemd 254"
fi

say "smartotp doctor, on a machine without a reader"
inside smartotp doctor | tail -n 3 || true

if [ -n "$leader" ]; then
  say "units"
  inside systemctl is-enabled smartotp-reader.socket
  inside systemctl is-active smartotp-reader.socket
  if inside test -x /usr/sbin/smartotpd; then
    inside systemctl is-active smartotpd.service
  fi
  for unit in smartotpd.service smartotp-reader@.service smartotp-center.service; do
    inside test -e "/usr/lib/systemd/system/$unit" || continue
    inside systemctl cat "$unit" >/dev/null
  done

  say "the reader's process runs under a user of its own, and ends with its connection"
  inside perl -MIO::Socket::UNIX -e '
    my $path = "/run/smartotp-reader/reader.sock";
    sub as { my ($name, $body) = @_; my $child = fork; return waitpid($child, 0) && $? if $child;
      my ($uid, $gid) = (getpwnam $name)[2, 3]; $) = "$gid $gid"; ($>, $<) = ($uid, $uid); exit $body->() }
    as("nobody", sub { IO::Socket::UNIX->new($path) ? 1 : 0 }) and die "nobody is let in\n";
    as("smartotp", sub {
      my $reader = IO::Socket::UNIX->new($path) or die "smartotp is not let in: $!\n";
      my @found;
      for (1 .. 100) {
        @found = grep { /smartotp-reader/ } qx(ps -eo user:20,comm);
        last if grep { /^smartotp-reader\s+smartotp-reader/ } @found;
        select undef, undef, undef, 0.05;
      }
      print "  ", grep { /^smartotp-reader\s/ } @found or die "no process of that user\n";
      close $reader;
      for (1 .. 100) {
        return 0 unless grep { /^smartotp-reader\s/ } qx(ps -eo user:20,comm);
        select undef, undef, undef, 0.05;
      }
      die "it is still there\n" }) and die "failed\n";'

  say "the centre runs as a service"
  inside runuser -u smartotp-center -- smartotp-center init --data /var/lib/smartotp-center --host localhost
  inside systemctl start smartotp-center.service
  for _ in $(seq 50); do
    ! inside sh -c 'echo | openssl s_client -connect localhost:8443 -CAfile /var/lib/smartotp-center/ca.pem 2>&1' |
      grep -q 'subject=' || break
    sleep 0.2
  done
  inside systemctl is-active smartotp-center.service
  inside ps -o user:20,rss,comm -C smartotp-center
fi

say "the whole life of a card, with the installed programs"
apart env BIN=/usr/bin sh /srv/tests/whole_life.sh >"$root/srv/life.log" 2>&1 || { tail -20 "$root/srv/life.log" >&2; fail "whole life"; }
grep '^==\|^the whole' "$root/srv/life.log"

if inside test -x /usr/sbin/smartotpd; then
  say "an appliance and its centre, with the installed programs"
  kind=()
  [ -n "$leader" ] || kind=(--without-systemd)
  apart sh /srv/tests/appliance.sh "${kind[@]}"
fi

say "removing leaves state, purging does not"
inside apt-get -q -y remove smartotp-reader smartotp-center >/dev/null 2>&1
inside test -d /var/lib/smartotp
inside apt-get -q -y purge smartotp-reader smartotp-center 2>&1 | grep 'Removing /var'
! inside test -e /var/lib/smartotp || fail "state is left"
! inside test -e /etc/smartotp/smartotpd.yaml || fail "configuration is left"
if [ -n "$leader" ]; then
  ! inside systemctl is-active --quiet smartotp-reader.socket || fail "the socket is still there"
fi
echo "the packages in $suite, $arch: done"
