#!/usr/bin/env python3
"""Taps once under every fault there is a place for, and counts how the taps ended.

  sweep.py [options]                      the careful C program on libnfc
  sweep.py [options] --client COMMAND ... another program that reports as careful_tap.c does;
                                          {connstring}, {name} and {challenge} are filled in

One run without a fault shows which frames pass. Then, each time with a fresh simulator: every
byte the chip sends lost, flipped, held back 3 s and cut for good; every byte it gets lost and
flipped; every status byte for both APDUs; the card pulled, late, silent or lying; and the cards
whose activation data is hostile. The five ways to end are outcome.py's."""

import argparse
import collections
import concurrent.futures
import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile

import harness
import outcome
from oathcard import transaction
from simulator import CHALLENGE, KEY, NAME, Simulator

HOLD_MS = 3000
IN_DATA_EXCHANGE = "40"
HOSTILE = (
    *("ats-length-0", "ats-length-0-with-bytes", "ats-length-1", "ats-length-2-promises-all"),
    *("ats-length-255", "ats-longer-than-sent", "ats-shorter-than-sent", "ats-254-bytes"),
    *("ats-reserved-values", "uid-length-lies", "nothing-after-target-number"),
    *("one-byte-of-atqa", "no-uid-length"),
    *(f"uid-length-{length}" for length in range(0, 21, 4)),
)


@dataclasses.dataclass(frozen=True)
class Fault:
    family: str
    arguments: tuple[str, ...]
    """What smartotp-sim is told."""

    @property
    def text(self) -> str:
        return " ".join(self.arguments[1:])


@dataclasses.dataclass(frozen=True)
class Frame:
    to: str
    index: int
    length: int


def record_frames(log: str) -> list[Frame]:
    """smartotp-sim's log: time, direction, number, kind, bytes."""
    frames = []
    for line in log.splitlines():
        _, arrow, index, _, data, *_ = line.split()
        frames.append(Frame("chip" if arrow == ">" else "host", int(index), len(data) // 2))
    return frames


def line_faults(frames: list[Frame]) -> list[Fault]:
    ways = {
        "host": ("drop", "flip=01", "flip=80", f"hold={HOLD_MS}", "cut"),
        "chip": ("drop", "flip=01", "flip=80"),
    }
    return [
        Fault(
            f"to {frame.to}: {way.split('=')[0]}",
            ("--fault", f"line,to={frame.to},frame={frame.index},byte={byte},{way}"),
        )
        for frame in frames
        for byte in range(frame.length)
        for way in ways[frame.to]
    ]


def status_faults() -> list[Fault]:
    return [
        Fault(
            "status byte",
            ("--fault", f"chip,code={IN_DATA_EXCHANGE},command={apdu},status={status:02x}"),
        )
        for apdu in range(2)
        for status in range(1, 256)
    ]


def card_faults() -> list[Fault]:
    ways = (
        *("pull-before", "pull-during", "pull-before,back=100", "pull-during,back=100"),
        *("late=100", "late=3000", "silent", "endless", "nad=00", "answer=9000", "answer=6f00"),
    )
    pulled = [
        Fault("card", ("--fault", f"card,apdu={apdu},{way}")) for apdu in range(2) for way in ways
    ]
    return pulled + [Fault("hostile card", ("--card", f"hostile:{name}")) for name in HOSTILE]


@dataclasses.dataclass
class Sweep:
    simulator: pathlib.Path
    client: list[str]
    challenge: str
    patience: float

    @property
    def expected(self) -> str:
        return transaction.code(KEY, bytes.fromhex(self.challenge))

    def tap(self, *arguments: str) -> outcome.Outcome:
        with Simulator(self.simulator, *arguments) as simulator:
            values = {
                "connstring": simulator.connstring,
                "name": NAME,
                "challenge": self.challenge,
            }
            command = [word.format_map(values) for word in self.client]
            return outcome.run(command, self.expected, self.patience)

    def frames(self) -> list[Frame]:
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "frames"
            undisturbed = self.tap("--log", str(log))
            if undisturbed.word != "right":
                raise RuntimeError(f"no code without any fault: {undisturbed}")
            return record_frames(log.read_text())


def run_all(sweep: Sweep, faults: list[Fault], jobs: int) -> list[tuple[Fault, outcome.Outcome]]:
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        ends = []
        for end in pool.map(lambda fault: sweep.tap(*fault.arguments), faults):
            ends.append(end)
            if len(ends) % 200 == 0:
                print(f"{len(ends)} of {len(faults)}", file=sys.stderr)
    return list(zip(faults, ends, strict=True))


def print_report(results: list[tuple[Fault, outcome.Outcome]]) -> None:
    families = collections.defaultdict(list)
    for fault, end in results:
        families[fault.family].append(end)
    families["all"] = [end for _, end in results]
    print(
        f"{'fault':16}{'runs':>7}"
        + "".join(f"{w:>9}" for w in outcome.WORDS)
        + f"{'longest s':>11}"
    )
    for family, ends in families.items():
        counts = collections.Counter(end.word for end in ends)
        longest = max(end.seconds for end in ends)
        words = "".join(f"{counts[word]:>9}" for word in outcome.WORDS)
        print(f"{family:16}{len(ends):>7}{words}{longest:>11.2f}")
    for fault, end in results:
        if end.word == "wrong":
            print(f"wrong code {end.detail}: {fault.text}")
    crashes = collections.Counter(end.detail for _, end in results if end.word == "crashed")
    for name, count in crashes.most_common():
        print(f"crashed with {name}: {count}")


def careful_tap() -> list[str]:
    program = subprocess.run(
        [harness.PEERS / "careful_tap.sh"], text=True, capture_output=True, check=True
    ).stdout.strip()
    return [program, "{connstring}", "{name}", "{challenge}", "1"]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = harness.ROOT / ".build" / "debug" / "smartotp-sim"
    parser.add_argument("--simulator", type=pathlib.Path, default=default)
    parser.add_argument("--challenge", default=CHALLENGE, help="8 bytes; try 0000000003910a5e")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="only each Nth; best a prime"
    )
    parser.add_argument(
        "--family", default="", help="only faults whose family has this in its name"
    )
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument(
        "--patience", type=float, default=20, help="seconds until it counts as hung"
    )
    parser.add_argument("--json", type=pathlib.Path, help="write each run to this file too")
    parser.add_argument("--client", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    client = options.client or careful_tap()
    sweep = Sweep(options.simulator, client, options.challenge, options.patience)
    faults = line_faults(sweep.frames()) + status_faults() + card_faults()
    faults = [fault for fault in faults if options.family in fault.family][:: options.every]
    results = run_all(sweep, faults, options.jobs)
    print_report(results)
    if options.json:
        rows = [{"fault": f.text, "family": f.family} | dataclasses.asdict(e) for f, e in results]
        options.json.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
