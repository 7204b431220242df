#!/usr/bin/env python3
"""`smartotp` with the independent Python card over vpcd, in each profile, open and locked: what
it lists, and every kind of code, compared with oathtool and with the protocol's test vector.

  foreign_cards.py [DIRECTORY]     of the programs; default .build/debug"""

import pathlib
import subprocess
import sys

import harness
from simulator import CHALLENGE, CODE, NAME, Simulator
from tally import Tally

PROFILES = ("yubikey", "canokey", "javacard", "trussed", "strict")
ACCESS_KEY = "000102030405060708090a0b0c0d0e0f"
KEY = "3132333435363738393031323334353637383930"
TIME = "1111111109"
PATIENCE = 60


def oathtool(*arguments: str) -> str:
    done = subprocess.run(
        ["oathtool", *arguments, KEY], text=True, capture_output=True, check=True
    )
    return done.stdout.strip()


class Program:
    """`smartotp` on one simulated reader."""

    def __init__(self, path: pathlib.Path, connstring: str, access: list[str]):
        self.path, self.connstring, self.access = path, connstring, access

    def __call__(self, command: str, *arguments: str, locked: bool = False) -> tuple[str, int]:
        access = [] if locked else self.access
        done = subprocess.run(
            [self.path, command, "--reader", self.connstring, *access, *arguments],
            text=True, capture_output=True, timeout=PATIENCE,
        )
        return done.stdout.strip() or done.stderr.strip(), done.returncode


def check(tally: Tally, smartotp: Program, what: str, locked: bool) -> None:
    def expect(claim: str, got: tuple[str, int], wanted: str, status: int = 0) -> None:
        tally.expect(f"{what}: {claim}", got == (wanted, status), got)

    names, status = smartotp("card")
    wanted = ("github", "bank:hotp", NAME)
    tally.expect(f"{what}: the card's names", all(n in names for n in wanted), (names, status))
    expect("a TOTP code", smartotp("code", "github", "--at", TIME),
           oathtool("--totp", "--now", f"@{TIME}"))
    expect("a transaction code", smartotp("code", NAME, "--challenge", CHALLENGE), CODE)
    first = oathtool("--hotp", "-c", "0", "-d", "6")
    second, third = (oathtool("--hotp", "-c", c, "-d", "6") for c in ("1", "2"))
    codes = [smartotp("code", "hotp")[0] for _ in range(2)]
    # Cards differ in which counter makes the first code.
    tally.expect(f"{what}: two HOTP codes", codes in ([first, second], [second, third]), codes)
    lines, status = smartotp("code", "--all", "--at", TIME)
    totp = oathtool("--totp", "--now", f"@{TIME}")
    tally.expect(f"{what}: all codes in one tap",
                 status == 0 and f"{totp}  github" in lines.splitlines(), (lines, status))
    text, status = smartotp("code", "nobody")
    tally.expect(f"{what}: no such credential", status == 65 and "no such credential" in text,
                 (text, status))
    if locked:
        text, status = smartotp("code", "github", locked=True)
        tally.expect(f"{what}: no code without the key", status == 77 and "locked" in text,
                     (text, status))
        text, status = smartotp("code", "github", "--access-key", "ff" * 16, locked=True)
        tally.expect(f"{what}: no code with a wrong key", status == 77 and "key" in text,
                     (text, status))


def main() -> int:
    programs = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else harness.ROOT / ".build/debug")
    tally = Tally()
    for profile in PROFILES:
        for locked in (False, True):
            port = str(harness.free_ports(1))
            card = [
                *(sys.executable, harness.PEERS / "oath_card.py", "--port", port, "--smart-otp"),
                *("--credential", f"github={KEY}", "--credential", f"bank:hotp={KEY}:hotp"),
                *("--profile", profile),
                *(("--access-key", ACCESS_KEY) if locked else ()),
            ]
            with (
                Simulator(programs / "smartotp-sim", "--card", "vpcd", "--vpcd-port", port) as sim,
                harness.running(card) as child,
            ):
                harness.wait_until(lambda: sim.ask("cards")["inField"] == 1, "the card", child)
                access = ["--access-key", ACCESS_KEY] if locked else []
                smartotp = Program(programs / "smartotp", sim.connstring, access)
                check(tally, smartotp, f"{profile}{', locked' if locked else ''}", locked)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 0 if tally.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
