#!/usr/bin/env python3
"""Runs a tap program under a fault and says how it ended, in one word:

right       the expected code came out
wrong       another code came out
refused     no code, the program said why and ended by itself
crashed     a signal ended it (the signal's name follows)
hung        it had not ended after --patience seconds and was killed

outcome.py --expect CODE [--patience SECONDS] -- COMMAND ...
"""

import argparse
import dataclasses
import json
import signal
import subprocess
import sys
import time

WORDS = ("right", "wrong", "refused", "crashed", "hung")


@dataclasses.dataclass
class Outcome:
    word: str
    detail: str
    seconds: float


def run(command: list[str], expected: str, patience: float) -> Outcome:
    start = time.monotonic()
    try:
        done = subprocess.run(
            command, text=True, capture_output=True, timeout=patience, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return Outcome("hung", f"over {patience} s", time.monotonic() - start)
    word, detail = judge(done, expected)
    return Outcome(word, detail, time.monotonic() - start)


def judge(done: subprocess.CompletedProcess, expected: str) -> tuple[str, str]:
    """A code that came out counts even when the program died afterwards only if it is wrong:
    a wrong code shown is the worst end, and a right one from a crashing program is a crash."""
    codes = [
        line.split()[3]
        for line in done.stdout.splitlines()
        if line.startswith("tap ") and " code " in line
    ]
    if any(code != expected for code in codes):
        return "wrong", codes[-1]
    if done.returncode < 0:
        return "crashed", signal.Signals(-done.returncode).name
    if codes and done.returncode == 0:
        return "right", codes[-1]
    said = [
        line
        for line in (done.stdout + done.stderr).splitlines()
        if "refused" in line or "no reader" in line or "init:" in line
    ]
    return "refused", said[-1] if said else f"exit status {done.returncode}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--expect", required=True)
    parser.add_argument("--patience", type=float, default=10)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    json.dump(
        dataclasses.asdict(run(options.command, options.expect, options.patience)), sys.stdout
    )
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
