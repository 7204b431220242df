#!/bin/sh
# What packaging installs, as far as it can be judged without building: units as systemd reads them in a root of
# their own, how exposed the services are, udev's rules, users, shell scripts.
#   Tests/Package/units.sh
set -eu
cd "$(dirname "$0")/../.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
units="smartotpd.service smartotp-reader.socket smartotp-reader@.service smartotp-center.service
  smartotp-keyboard.service"

echo "Units"
mkdir -p "$root/usr/lib/systemd" "$root/etc" "$root/usr/bin" "$root/bin"
cp -a /lib/systemd/system "$root/usr/lib/systemd/system"
cp Hardware/packaging/systemd/*.service Hardware/packaging/systemd/*.socket "$root/usr/lib/systemd/system"
# The programs themselves are not needed, only that something can be executed there.
for program in usr/sbin/smartotpd usr/bin/smartotp-center usr/libexec/smartotp/smartotp-reader \
  usr/libexec/smartotp/usb-keyboard bin/kill; do
  install -D /bin/true "$root/$program"
done
for unit in $units; do
  # A template is verified as an instance.
  name=$(echo "$unit" | sed 's/@\./@1./')
  said=$(systemd-analyze verify --man=no --root="$root" "$name" 2>&1 | grep smartotp || true)
  [ -z "$said" ] || { echo "$said"; exit 1; }
done

echo "Exposure, 2.0 at most"
for unit in smartotpd.service smartotp-reader@.service smartotp-center.service; do
  systemd-analyze security --offline=true --threshold=20 "Hardware/packaging/systemd/$unit" |
    sed -n 's/^→ //p' | cut -d: -f1-2
  systemd-analyze security --offline=true --threshold=20 "Hardware/packaging/systemd/$unit" >/dev/null
done

echo "udev's rules"
if udevadm verify --help >/dev/null 2>&1; then
  udevadm verify --resolve-names=never udev/*.rules
else
  echo "  not checked: udevadm verify came with systemd 254"
fi

echo "Users and folders"
for package in smartotp-reader smartotp-center; do
  : >"$root/etc/passwd" && : >"$root/etc/group"
  systemd-sysusers --root="$root" "$PWD/Hardware/packaging/sysusers.d/$package.conf" >/dev/null 2>&1
  grep -q "^$package:.*:/usr/sbin/nologin$" "$root/etc/passwd"
  systemd-tmpfiles --root="$root" --create "$PWD/Hardware/packaging/tmpfiles.d/$package.conf"
done
test "$(stat -c %a "$root/var/lib/smartotp")" = 700

echo "Shell scripts"
shellcheck script/cross script/package Tests/Package/*.sh Hardware/packaging/libexec/usb-keyboard
shellcheck --shell=sh Hardware/packaging/debian/*/postinst Hardware/packaging/debian/*/prerm \
  Hardware/packaging/debian/*/postrm
