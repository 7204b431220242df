#!/usr/bin/env python3
"""Taps one simulated card through one simulated, paced PN532 with ours, with a careful C
program on libnfc and with nfcpy, and compares what each costs.

A tap is: card found, OATH application selected, a transaction code calculated, card
released. What a tap costs on the line and in processor time is the difference between a
long and a short run, divided by the difference in taps, so opening and closing cancel."""

import argparse
import dataclasses
import json
import math
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable

import harness
from simulator import CHALLENGE, CODE, NAME, Simulator

SHORT_RUN = 10
SLOW_LINE, FASTEST_LINE = 115200, 921600
RATIOS = {
    "commands_per_tap": "chip commands",
    "bytes_to_chip_per_tap": "bytes to the chip",
    "bytes_from_chip_per_tap": "bytes from the chip",
    "p50_ms": "p50",
    "p99_ms": "p99",
    "cpu_ms_per_1000_taps": "processor time",
    "peak_pss_kb": "peak memory",
}


@dataclasses.dataclass
class Client:
    """A program that taps. `command` gets the device, the line speed and the taps."""

    name: str
    command: Callable[[str, int, int], list[str]]


def ours(program: pathlib.Path) -> Client:
    """`smartotp bench-reader`, which reports as careful_tap.c does when asked for each tap."""
    return Client(
        "ours",
        lambda device, baud, taps: [
            *(str(program), "bench-reader", "--each", "--reader", f"pn532_uart:{device}"),
            *("--line-speed", str(baud), "--taps", str(taps)),
            *("--credential", NAME, "--challenge", CHALLENGE),
        ],
    )


def careful_c() -> Client:
    """libnfc opens at a speed but never raises the chip's: the C program stays at 115200."""
    program = subprocess.run(
        [harness.PEERS / "careful_tap.sh"], text=True, capture_output=True, check=True
    ).stdout.strip()
    return Client(
        "C", lambda device, _, taps: [program, f"pn532_uart:{device}", NAME, CHALLENGE, str(taps)]
    )


def nfcpy() -> Client:
    home = subprocess.run(
        [harness.PEERS / "environment.sh"], text=True, capture_output=True, check=True
    ).stdout.strip()
    script = str(harness.PEERS / "nfcpy_tap.py")
    return Client(
        "nfcpy",
        lambda device, baud, taps: [
            *(f"{home}/bin/python", script, "--baud", str(baud)),
            *(device, NAME, CHALLENGE, str(taps)),
        ],
    )


@dataclasses.dataclass
class Run:
    report: dict
    counters: dict


def measured(client: Client, simulator: Simulator, baud: int, taps: int, every: float) -> Run:
    before = simulator.counters()
    command = client.command(simulator.device, baud, taps)
    done = subprocess.run(
        [sys.executable, harness.PEERS / "measure.py", "--every", str(every), "--", *command],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"LIBNFC_LOG_LEVEL": "0"},
    )
    after = simulator.counters()
    report = json.loads(done.stdout)
    codes, refused = report["codes"], report["refused"]
    # A tap may fail on a loaded machine; a wrong code, or many failures, are no measurement.
    if any(code != CODE for code in codes) or len(refused) > taps // 20 + 1:
        raise RuntimeError(f"{client.name}: {len(codes)} codes of {taps}, refused: {refused[:3]}")
    if refused:
        print(f"{client.name}: {len(refused)} of {taps} taps refused: {refused[:3]}", file=sys.stderr)
    return Run(report, {key: after[key] - before[key] for key in before})


def percentile(values: list[int], percent: float) -> float:
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def row(client: Client, line: str, baud: int, short: Run, runs: list[Run]) -> dict:
    taps = [us for run in runs for us in run.report["taps_us"]]
    more = sum(len(run.report["taps_us"]) - SHORT_RUN for run in runs)

    def per_tap(read: Callable[[Run], int]) -> float:
        return (sum(read(run) for run in runs) - len(runs) * read(short)) / more

    def processor(run: Run) -> int:
        return run.report["user_us"] + run.report["system_us"]

    return {
        "client": client.name,
        "line": line,
        "baud": baud,
        "taps": len(taps),
        "commands_per_tap": round(per_tap(lambda run: run.counters["commands"]), 2),
        "bytes_to_chip_per_tap": round(per_tap(lambda run: run.counters["bytesFromHost"]), 1),
        "bytes_from_chip_per_tap": round(per_tap(lambda run: run.counters["bytesToHost"]), 1),
        "p50_ms": percentile(taps, 50) / 1000,
        "p99_ms": percentile(taps, 99) / 1000,
        "cpu_ms_per_1000_taps": round(per_tap(processor), 3),
        "start_cpu_ms": round((processor(short) - SHORT_RUN * per_tap(processor)) / 1000, 1),
        "open_ms": short.report["open_us"] / 1000,
        "peak_pss_kb": max(run.report["peak_pss_kb"] for run in [short, *runs]),
        "processes": max(run.report["processes"] for run in [short, *runs]),
    }


def bench_line(
    clients: list[Client], line: str, baud: int, taps: int, rounds: int, program: pathlib.Path
) -> list[dict]:
    """Clients take turns, so that what else runs on the machine falls on all of them."""
    with Simulator(program, "--paced") as simulator:
        short = [measured(client, simulator, baud, SHORT_RUN, every=0.01) for client in clients]
        runs: list[list[Run]] = [[] for _ in clients]
        for turn in range(rounds):
            for index, client in enumerate(clients):
                share = max(SHORT_RUN + 1, taps // rounds)
                runs[index].append(measured(client, simulator, baud, share, every=0.5))
                print(f"{client.name} at {line}: turn {turn + 1} of {rounds}", file=sys.stderr)
    return [
        row(client, line, baud, s, r) for client, s, r in zip(clients, short, runs, strict=True)
    ]


def ratios(rows: list[dict]) -> dict:
    """Of each client to C on the same line, for what a tap costs."""
    found = {}
    for line in {r["line"] for r in rows}:
        base = next((r for r in rows if r["line"] == line and r["client"] == "C"), None)
        for r in rows:
            if base and r["line"] == line and r is not base:
                found[f"{r['client']}/C at {line}"] = {
                    key: round(r[key] / base[key], 2) for key in RATIOS if base[key]
                }
    return dict(sorted(found.items()))


def print_table(rows: list[dict], found: dict) -> None:
    print(
        f"{'client':8}{'line':>9}{'cmds/tap':>10}{'B to/tap':>10}{'B from/tap':>12}{'p50 ms':>9}{'p99 ms':>9}"
        f"{'CPU ms/1000':>13}{'start CPU ms':>14}{'open ms':>9}{'peak PSS MB':>13}{'processes':>11}"
    )
    for r in rows:
        print(
            f"{r['client']:8}{r['line']:>9}{r['commands_per_tap']:>10.2f}{r['bytes_to_chip_per_tap']:>10.1f}"
            f"{r['bytes_from_chip_per_tap']:>12.1f}{r['p50_ms']:>9.2f}{r['p99_ms']:>9.2f}"
            f"{r['cpu_ms_per_1000_taps']:>13.1f}{r['start_cpu_ms']:>14.1f}{r['open_ms']:>9.1f}"
            f"{r['peak_pss_kb'] / 1024:>13.1f}{r['processes']:>11}"
        )
    for name, values in found.items():
        print(f"{name}: " + ", ".join(f"{RATIOS[key]} {value:g}" for key, value in values.items()))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--taps", type=int, default=300, help="of each client on each line speed (default 300)"
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="turns these taps are spread over (default 3)"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--build", default="release", choices=("debug", "release"))
    parser.add_argument(
        "--only", nargs="*", choices=("ours", "C", "nfcpy"), help="clients (default all)"
    )
    options = parser.parse_args()
    binaries = harness.ROOT / ".build" / options.build
    makers = {"ours": lambda: ours(binaries / "smartotp"), "C": careful_c, "nfcpy": nfcpy}
    wanted = options.only or list(makers)
    if "ours" in wanted and not (binaries / "smartotp").exists():
        print(f"bench: {binaries}/smartotp is not built; without ours", file=sys.stderr)
        wanted.remove("ours")
    clients = [makers[name]() for name in wanted]
    rows = []
    for line, baud in (("115200", SLOW_LINE), ("fastest", FASTEST_LINE)):
        rows += bench_line(
            clients, line, baud, options.taps, options.rounds, binaries / "smartotp-sim"
        )
    found = ratios(rows)
    if options.json:
        print(json.dumps({"rows": rows, "ratios": found}, indent=1))
    else:
        print_table(rows, found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
