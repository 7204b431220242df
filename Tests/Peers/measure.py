#!/usr/bin/env python3
"""Runs one tap program and says what it cost: the taps it reported, the processor time of
its whole process tree, and the tree's peak memory. Prints one JSON object.

  measure.py [--every SECONDS] -- COMMAND ...

Peak memory is the largest sum of Pss (/proc/PID/smaps_rollup) over the tree, looked at
every so often; between two looks it may have been more."""

import argparse
import ctypes
import json
import os
import pathlib
import resource
import subprocess
import sys
import threading

PR_SET_CHILD_SUBREAPER = 36


def descendants(root: int) -> list[int]:
    """The processes below `root`, which is itself left out."""
    children: dict[int, list[int]] = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _parent(process: pathlib.Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def proportional_kilobytes(process: int) -> int:
    try:
        for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


class MemoryWatch:
    """Looks at the tree below this process from a thread of its own."""

    def __init__(self, every: float):
        self.every, self.peak, self.processes = every, 0, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(self.every):
            sizes = [size for p in descendants(os.getpid()) if (size := proportional_kilobytes(p))]
            self.peak, self.processes = max(self.peak, sum(sizes)), max(self.processes, len(sizes))


def parse_report(text: str) -> dict:
    """The output format of careful_tap.c."""
    report = {"open_us": None, "taps_us": [], "codes": [], "refused": []}
    for line in text.splitlines():
        words = line.split()
        if words[:2] == ["open", "us"]:
            report["open_us"] = int(words[2])
        elif words[:1] == ["tap"] and words[2] == "code":
            report["codes"].append(words[3])
            report["taps_us"].append(int(words[5]))
        elif words[:1] == ["tap"]:
            report["refused"].append(" ".join(words[3:]))
    return report


def reap_orphans() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def measure(command: list[str], every: float) -> dict:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with MemoryWatch(every) as memory:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    reap_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return parse_report(done.stdout) | {
        "status": done.returncode,
        "user_us": int(used.ru_utime * 1e6),
        "system_us": int(used.ru_stime * 1e6),
        "peak_pss_kb": memory.peak,
        "processes": memory.processes,
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=float, default=0.02)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    json.dump(measure(options.command, options.every), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
