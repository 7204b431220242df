#!/usr/bin/env python3
"""libnfc's own tools and nfcpy against smartotp-sim: they must all see the UID and the ATS
the simulator was told to show.

  nfc_tools.py [SIMULATOR]        default .build/debug/smartotp-sim
"""

import os
import pathlib
import re
import signal
import subprocess
import sys

import harness
from simulator import CHALLENGE, CODE, NAME, Simulator
from tally import Tally

PATIENCE = 30
CARDS = [  # UID, ATS with its length byte
    ("04a23b1c5d6e80", "0578808100"),
    ("04a1b2c3", "067877810280"),
    ("08112233", "0a78807102aabbccddee"),
]


def libnfc_environment(simulator: Simulator) -> dict[str, str]:
    """One reader by name and no search for others."""
    return os.environ | {
        "LIBNFC_DEVICE": simulator.connstring,
        "LIBNFC_AUTO_SCAN": "false",
        "LIBNFC_LOG_LEVEL": "0",
    }


def seen_by_libnfc(text: str) -> tuple[str, str]:
    """UID and ATS, without its length byte, as libnfc's tools print them. A random UID, which
    begins with 08, they call NFCID3."""
    return _field("UID \\(NFCID[13]\\)", text), _field("ATS", text)


def _field(name: str, text: str) -> str:
    found = re.search(rf"^ *{name}: ((?:[0-9a-f]{{2}} *)+)$", text, re.MULTILINE)
    return "".join(found[1].split()) if found else ""


def run_nfc_list(simulator: Simulator, *options: str) -> str:
    return subprocess.run(
        ["nfc-list", *options],
        env=libnfc_environment(simulator),
        text=True,
        capture_output=True,
        timeout=PATIENCE,
    ).stdout


def run_nfc_poll(simulator: Simulator) -> tuple[str, int]:
    """nfc-poll waits until the card it saw has gone; the card goes when it says so."""
    tool = subprocess.Popen(
        ["nfc-poll"],
        env=libnfc_environment(simulator),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        seen = b""
        while b"card removing" not in seen and (part := os.read(tool.stdout.fileno(), 4096)):
            seen += part
        simulator.ask("remove")
        seen += tool.communicate(timeout=PATIENCE)[0]
    finally:
        if tool.poll() is None:
            tool.send_signal(signal.SIGKILL)
            tool.wait()
        simulator.ask("tap")
    return seen.decode(errors="replace"), tool.returncode


def run_nfcpy(simulator: Simulator, python: str) -> str:
    script = str(harness.PEERS / "nfcpy_list.py")
    done = subprocess.run(
        [python, script, simulator.device], text=True, capture_output=True, timeout=PATIENCE
    )
    return done.stdout + done.stderr


def check_card(tally: Tally, program: pathlib.Path, python: str, uid: str, ats: str) -> None:
    with Simulator(program, "--uid", uid, "--ats", ats) as simulator:
        wanted = (uid, ats[2:])
        text = run_nfc_list(simulator, "-t", "1")
        tally.expect(f"nfc-list sees UID {uid} and ATS {ats}", seen_by_libnfc(text) == wanted, text)
        text, status = run_nfc_poll(simulator)
        tally.expect(f"nfc-poll sees UID {uid} and ATS {ats}", seen_by_libnfc(text) == wanted, text)
        gone = "Target Released" in text
        tally.expect(
            "nfc-poll notices that the card has gone", status == 0 and gone, (status, text)
        )
        text = run_nfcpy(simulator, python)
        good = f"uid {uid}\nats {ats}\n" == text
        tally.expect(f"nfcpy sees UID {uid} and ATS {ats}", good, text)
        text = run_nfc_list(simulator)
        good = seen_by_libnfc(text) == wanted and text.count("target(s) found") == 1
        tally.expect("nfc-list after nfcpy, over all kinds of card, sees this one", good, text)


def check_type_b(tally: Tally, program: pathlib.Path) -> None:
    with Simulator(program, "--card", "type-b") as simulator:
        text = run_nfc_list(simulator, "-t", "8")
        good = bool(_field("PUPI", text)) and bool(_field("Application Data", text))
        tally.expect("nfc-list sees a type B card", good, text)


def check_empty_field(tally: Tally, program: pathlib.Path, python: str) -> None:
    with Simulator(program, "--absent") as simulator:
        text = run_nfc_list(simulator, "-t", "1")
        tally.expect("nfc-list sees no card in an empty field", "UID" not in text, text)
        text = run_nfcpy(simulator, python)
        tally.expect("nfcpy sees no card in an empty field", text == "no card\n", text)


def check_foreign_card(tally: Tally, program: pathlib.Path, python: str) -> None:
    """The Python card in the simulated field, tapped by libnfc's C program and by nfcpy."""
    port = str(harness.free_ports(1))
    careful = subprocess.run(
        [harness.PEERS / "careful_tap.sh"], text=True, capture_output=True, check=True
    ).stdout.strip()
    card = [python, harness.PEERS / "oath_card.py", "--port", port, "--smart-otp"]
    for profile in ("yubikey", "strict"):
        with (
            Simulator(program, "--card", "vpcd", "--vpcd-port", port) as simulator,
            harness.running([*card, "--profile", profile]) as child,
        ):
            harness.wait_until(lambda: simulator.ask("cards")["inField"] == 1, "the card", child)
            tap = [str(harness.PEERS / "nfcpy_tap.py"), simulator.device, NAME, CHALLENGE, "3"]
            for what, command in (
                ("the C program", [careful, simulator.connstring, NAME, CHALLENGE, "3"]),
                ("nfcpy", [python, *tap]),
            ):
                text = subprocess.run(
                    command, text=True, capture_output=True, timeout=PATIENCE
                ).stdout
                good = text.count(f"code {CODE} ") == 3
                tally.expect(f"{what} gets the code from the Python card ({profile})", good, text)


def main() -> int:
    default = harness.ROOT / ".build" / "debug" / "smartotp-sim"
    program = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    tally = Tally()
    for uid, ats in CARDS:
        check_card(tally, program, sys.executable, uid, ats)
    check_type_b(tally, program)
    check_empty_field(tally, program, sys.executable)
    check_foreign_card(tally, program, sys.executable)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 0 if tally.failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
