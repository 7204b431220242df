#!/usr/bin/env python3
"""Taps once under every fault there is a place for, and counts how the taps ended.

  sweep.py [options]                      the careful C program on libnfc
  sweep.py [options] --client COMMAND ... another program that reports as careful_tap.c does;
                                          {connstring}, {name} and {challenge} are filled in

The faults are those of Tests/FaultSweep, at the frames this program sends and gets: one run
without a fault shows which. Then, each time with a fresh simulator: every byte on the line lost,
flipped, held back and cut for good; every status byte at both APDUs; the card pulled or late at
both. --wide adds status bytes no chip should send, a card that lies, and cards with hostile
activation data. The five ways to end are outcome.py's."""

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

HOLD_MS = 1300
BACK_MS = 300
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
    loses_zero: bool = False
    """A zero byte on its way to the chip is lost, which a PN532 cannot notice."""

    @property
    def text(self) -> str:
        return " ".join(self.arguments[1:])

    @property
    def is_transient(self) -> bool:
        return self.family not in ("cut", "hostile card")


@dataclasses.dataclass(frozen=True)
class Frame:
    to: str
    index: int
    data: bytes


def record_frames(log: str) -> list[Frame]:
    """smartotp-sim's log: time, direction, number, kind, bytes."""
    frames = []
    for line in log.splitlines():
        _, arrow, index, _, data, *_ = line.split()
        to = "chip" if arrow == ">" else "host"
        frames.append(Frame(to, int(index), bytes.fromhex(data)))
    return frames


def line_faults(frames: list[Frame]) -> list[Fault]:
    return [fault for frame in frames for fault in faults_in(frame)]


def faults_in(frame: Frame) -> list[Fault]:
    faults = []
    for position, byte in enumerate(frame.data):
        place = f"line,to={frame.to},frame={frame.index},byte={position}"
        mask = 1 << (position + frame.index) % 8
        faults += [
            Fault("lost", ("--fault", f"{place},drop"), frame.to == "chip" and byte == 0),
            Fault("flipped", ("--fault", f"{place},flip={mask:02x}")),
            Fault("held", ("--fault", f"{place},hold={HOLD_MS}")),
            Fault("cut", ("--fault", f"{place},cut")),
        ]
    return faults


def status_faults(statuses: range, family: str) -> list[Fault]:
    return [
        Fault(
            family, ("--fault", f"chip,code={IN_DATA_EXCHANGE},command={apdu},status={status:02x}")
        )
        for apdu in range(2)
        for status in statuses
    ]


def card_faults(ways: dict[str, str]) -> list[Fault]:
    return [
        Fault(family, ("--fault", f"card,apdu={apdu},{way}"))
        for apdu in range(2)
        for way, family in ways.items()
    ]


def shared_faults(frames: list[Frame]) -> list[Fault]:
    ways = {
        f"pull-before,back={BACK_MS}": "pulled",
        f"pull-during,back={BACK_MS}": "pulled",
        "late=400": "late",
        f"late={HOLD_MS}": "late",
        "silent": "late",
    }
    statuses = status_faults(range(1, 0x40), "status") + status_faults(range(0x80, 0x81), "status")
    return line_faults(frames) + statuses + card_faults(ways)


def wide_faults() -> list[Fault]:
    ways = dict.fromkeys(
        ("pull-before", "pull-during", "endless", "nad=00", "answer=9000", "answer=6f00"),
        "lying card",
    )
    statuses = status_faults(range(0x40, 0x80), "odd status")
    statuses += status_faults(range(0x81, 0x100), "odd status")
    hostile = [Fault("hostile card", ("--card", f"hostile:{name}")) for name in HOSTILE]
    return statuses + card_faults(ways) + hostile


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
        f"{'fault':14}{'runs':>7}"
        + "".join(f"{w:>9}" for w in outcome.WORDS)
        + f"{'longest s':>11}"
    )
    for family, ends in families.items():
        counts = collections.Counter(end.word for end in ends)
        longest = max((end.seconds for end in ends), default=0)
        words = "".join(f"{counts[word]:>9}" for word in outcome.WORDS)
        print(f"{family:14}{len(ends):>7}{words}{longest:>11.2f}")
    transient = [end.word for fault, end in results if fault.is_transient]
    if transient:
        right = transient.count("right")
        share = 100 * right / len(transient)
        print(f"single transient faults survived: {right} of {len(transient)}, {share:.2f} %")
    for fault, end in results:
        if end.word == "wrong":
            note = " (a zero byte lost, which the chip cannot notice)" if fault.loses_zero else ""
            print(f"wrong code {end.detail}: {fault.text}{note}")
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
    parser.add_argument("--wide", action="store_true", help="more faults than fault-sweep has")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument(
        "--patience", type=float, default=20, help="seconds until it counts as hung"
    )
    parser.add_argument("--json", type=pathlib.Path, help="write each run to this file too")
    parser.add_argument("--client", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    client = options.client or careful_tap()
    sweep = Sweep(options.simulator, client, options.challenge, options.patience)
    faults = shared_faults(sweep.frames()) + (wide_faults() if options.wide else [])
    faults = [fault for fault in faults if options.family in fault.family][:: options.every]
    results = run_all(sweep, faults, options.jobs)
    print_report(results)
    if options.json:
        rows = [{"fault": f.text, "family": f.family} | dataclasses.asdict(e) for f, e in results]
        options.json.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
