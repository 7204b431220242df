#!/usr/bin/env python3
"""Yubico's ykman as a client of an OATH card behind pcscd and vpcd, its codes compared with
oathtool's. Runs in the environment that environment.sh makes; ykman.sh does both.

  ykman_check.py [--profile NAME]          the Python card
  ykman_check.py --card COMMAND ...        another card; {port} in it is vpcd's port
"""

import argparse
import base64
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import smartcard.System
from smartcard.Exceptions import CardConnectionException, NoCardException

import harness

READER = "Virtual PCD 00 00"
SMART_OTP = "smartotp:K01:12345678"
TRANSACTION = {"challenge": "79a43e1f1a02c642", "code": "570924"}
PASSWORD = "correct horse"
SEEDS = {"SHA1": b"12345678901234567890", "SHA256": b"0123456789" * 3, "SHA512": b"0123456789" * 6}


class Check:
    """Runs ykman and counts."""

    def __init__(self, home: str, verbose: bool):
        self.environment = os.environ | {
            "HOME": home,
            "XDG_CONFIG_HOME": home,
            "XDG_DATA_HOME": home,
        }
        self.verbose = verbose
        self.passed = self.failed = 0

    def ykman(self, *arguments: str) -> subprocess.CompletedProcess:
        program = pathlib.Path(sys.prefix) / "bin" / "ykman"
        command = [str(program), "--reader", READER, *arguments]
        done = subprocess.run(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            text=True,
            capture_output=True,
            timeout=60,
        )
        if self.verbose:
            print(
                "$ ykman",
                *arguments,
                f"-> {done.returncode}\n{done.stdout}{done.stderr}",
                file=sys.stderr,
            )
        return done

    def expect(self, what: str, good: bool, seen: object = "") -> bool:
        print(f"{'ok  ' if good else 'FAIL'} {what}" + ("" if good else f": {shortened(seen)}"))
        sys.stdout.flush()
        if good:
            self.passed += 1
        else:
            self.failed += 1
        return good


def shortened(seen: object) -> str:
    """The end of it: there a traceback says what happened."""
    text = repr(seen)
    return text if len(text) <= 300 else "…" + text[-300:]


def oathtool(kind: str, seed: bytes, digits: int, *more: str) -> str:
    command = ["oathtool", f"--{kind}", f"--digits={digits}", *more, seed.hex()]
    return subprocess.run(command, text=True, capture_output=True, check=True).stdout.strip()


def wait_for_card(patience: float = 15) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            reader = next(r for r in smartcard.System.readers() if str(r) == READER)
            link = reader.createConnection()
            link.connect()
            link.disconnect()
            return
        except (StopIteration, NoCardException, CardConnectionException) as error:
            if time.monotonic() > end:
                raise TimeoutError(f"no card in {READER}: {error}") from error
            time.sleep(0.1)


def names(check: Check, *options: str) -> list[str]:
    return check.ykman("oath", "accounts", "list", *options).stdout.split("\n")[:-1]


def check_totp(check: Check, algorithm: str, digits: int) -> None:
    name, seed = f"totp-{algorithm}", SEEDS[algorithm]
    secret = base64.b32encode(seed).decode().rstrip("=")
    added = check.ykman(
        "oath",
        "accounts",
        "add",
        "-f",
        "-o",
        "TOTP",
        "-a",
        algorithm,
        "-d",
        str(digits),
        name,
        secret,
    )
    if algorithm == "SHA512" and added.returncode != 0:
        check.expect(
            "SHA-512, which not every card has, is refused in words",
            "ERROR" in added.stderr,
            added.stderr,
        )
        return
    if not check.expect(f"add {name}", added.returncode == 0, added.stderr):
        return
    kind = f"totp={algorithm.lower()}"
    before = oathtool(kind, seed, digits)
    code = check.ykman("oath", "accounts", "code", "-s", name).stdout.strip()
    after = oathtool(kind, seed, digits)
    check.expect(f"code of {name} is oathtool's", code in (before, after), (code, before, after))


def check_hotp(check: Check) -> None:
    """Cards differ in whether the first code's counter is the moving factor or one more."""
    seed, start = SEEDS["SHA1"], 41
    secret = base64.b32encode(seed).decode()
    added = check.ykman(
        "oath", "accounts", "add", "-f", "-o", "HOTP", "-c", str(start), "hotp", secret
    )
    if not check.expect("add hotp", added.returncode == 0, added.stderr):
        return
    codes = [check.ykman("oath", "accounts", "code", "-s", "hotp").stdout.strip() for _ in range(3)]
    possible = [
        [oathtool("hotp", seed, 6, f"--counter={first + offset}") for offset in range(3)]
        for first in (start, start + 1)
    ]
    check.expect("three HOTP codes in a row are oathtool's", codes in possible, (codes, possible))


def check_transaction_code(check: Check) -> None:
    data = f"71{len(SMART_OTP):02x}{SMART_OTP.encode().hex()}7408{TRANSACTION['challenge']}"
    raw = check.ykman("apdu", "--no-pretty", "-a", "oath", f"00a20001:{data}")
    digits = "".join(raw.stdout.split())
    position = digits.lower().find("7605")
    code = (
        f"{(int(digits[position + 6 : position + 14], 16) & 0x7FFFFFFF) % 10**6:06d}"
        if position >= 0
        else digits
    )
    check.expect(
        "the transaction code of the protocol's test vector",
        code == TRANSACTION["code"],
        raw.stdout + raw.stderr,
    )


def check_names(check: Check) -> None:
    listed = names(check)
    check.expect("list names the credential", SMART_OTP in listed, listed)
    renamed = check.ykman("oath", "accounts", "rename", "-f", "totp-SHA1", "renamed")
    wanted = "renamed" if renamed.returncode == 0 else "totp-SHA1"
    listed = names(check)
    check.expect("rename works, or is refused and changes nothing", wanted in listed, listed)
    deleted = check.ykman("oath", "accounts", "delete", "-f", wanted)
    listed = names(check)
    check.expect(
        "delete removes one name", deleted.returncode == 0 and wanted not in listed, listed
    )


def check_access_key(check: Check) -> None:
    changed = check.ykman("oath", "access", "change", "-n", PASSWORD)
    check.expect("set an access key", changed.returncode == 0, changed.stderr)
    info = check.ykman("oath", "info").stdout
    check.expect("the card says that it is locked", "enabled" in info, info)
    wrong = check.ykman("oath", "accounts", "list", "-p", "wrong")
    check.expect(
        "a wrong password lists nothing",
        wrong.returncode != 0 and SMART_OTP not in wrong.stdout,
        wrong.stdout,
    )
    listed = names(check, "-p", PASSWORD)
    check.expect("the right password lists the names", SMART_OTP in listed, listed)
    code = check.ykman(
        "oath", "accounts", "code", "-s", "-p", PASSWORD, "totp-SHA256"
    ).stdout.strip()
    possible = [
        oathtool("totp=sha256", SEEDS["SHA256"], 8),
        oathtool("totp=sha256", SEEDS["SHA256"], 8, "--now=30 seconds ago"),
    ]
    check.expect("a code from the unlocked card is oathtool's", code in possible, (code, possible))
    cleared = check.ykman("oath", "access", "change", "-p", PASSWORD, "--clear")
    check.expect("clear the access key", cleared.returncode == 0, cleared.stderr)
    check.expect("the card is open again", SMART_OTP in names(check), "")


def check_many(check: Check) -> None:
    """More names than one answer holds: ykman has to drain 61xx with SEND REMAINING."""
    secret = base64.b32encode(SEEDS["SHA1"]).decode()
    wanted = [f"a rather long name for a credential, number {index}" for index in range(6)]
    for name in wanted:
        check.ykman("oath", "accounts", "add", "-f", name, secret)
    listed = names(check)
    check.expect("a list longer than one answer is whole", set(wanted) <= set(listed), listed)
    codes = check.ykman("oath", "accounts", "code").stdout
    check.expect(
        "calculate-all longer than one answer is whole", all(n in codes for n in wanted), codes
    )


def run(check: Check, card: list[str], log: pathlib.Path) -> None:
    with harness.pcsc_daemon(log) as port:
        command = [argument.replace("{port}", str(port)) for argument in card]
        with harness.running(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL):
            wait_for_card()
            info = check.ykman("oath", "info")
            check.expect("ykman knows the application", info.returncode == 0, info.stderr)
            check_transaction_code(check)
            for algorithm, digits in (("SHA1", 6), ("SHA256", 8), ("SHA512", 7)):
                check_totp(check, algorithm, digits)
            check_hotp(check)
            check_names(check)
            check_access_key(check)
            check_many(check)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profile", default="yubikey", help="of the Python card")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what ykman says")
    parser.add_argument(
        "--card", nargs=argparse.REMAINDER, help="command that connects a card to vpcd"
    )
    options = parser.parse_args()
    harness.enter_private_run()
    ours = [
        sys.executable,
        harness.PEERS / "oath_card.py",
        "--port",
        "{port}",
        "--smart-otp",
        "--profile",
        options.profile,
    ]
    with tempfile.TemporaryDirectory() as home:
        check, log = Check(home, options.verbose), pathlib.Path(home) / "pcscd.log"
        try:
            run(check, options.card or [str(a) for a in ours], log)
        except (TimeoutError, RuntimeError) as error:
            check.expect("pcscd and the card start", False, f"{error}\n{log.read_text()}")
    print(f"{check.passed} passed, {check.failed} failed")
    return 0 if check.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
