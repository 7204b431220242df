"""Programs that a test starts: each out of reach of what is sent to the test's own process group.

A Ctrl-C or a `timeout` goes to the whole group: the appliances would stop by it while the cases under
way still need them. Each child is a session of its own; a ledger in the test's folder says whom a
test that was killed left behind.
"""

import os
import pathlib
import signal
import subprocess
import threading


def start(command, ledger: pathlib.Path | None = None, **options) -> subprocess.Popen:
    child = subprocess.Popen(list(map(str, command)), start_new_session=True, **options)
    if ledger and (born := _born(child.pid)):
        with open(ledger, "a") as file:
            file.write(f"{child.pid} {born}\n")
    return child


def end_leftovers(ledger: pathlib.Path) -> int:
    """Ends those in the ledger that still run, and no one who has their number by now."""
    ended = 0
    for line in ledger.read_text().splitlines() if ledger.exists() else []:
        process, born = line.split()
        ended += send(int(process), signal.SIGKILL, lambda p, born=born: _born(p) == born)
    ledger.unlink(missing_ok=True)
    return ended


def send(process: int, number: int, is_meant) -> bool:
    """A signal for a process, if it is the one that is meant: its number cannot pass on meanwhile."""
    try:
        descriptor = os.pidfd_open(process)
    except OSError:
        return False
    try:
        if not is_meant(process):
            return False
        signal.pidfd_send_signal(descriptor, number)
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)


def name_of(process: int) -> str | None:
    try:
        return pathlib.Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return None


def parent_of(process: int) -> int | None:
    return int(fields[1]) if (fields := _fields(process)) else None


def _born(process: int) -> str | None:
    """When it was started, in ticks since the system was."""
    return fields[19] if (fields := _fields(process)) else None


def _fields(process: int) -> list[str] | None:
    """/proc/PID/stat, from the state on."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


class Interruption:
    """The first signal asks for an orderly end: what is under way ends, nothing new is begun."""

    def __init__(self):
        self.asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._take)

    def _take(self, number, _frame) -> None:
        if self.asked.is_set():
            raise KeyboardInterrupt
        self.asked.set()
        print(f"{signal.Signals(number).name}: ends after what is under way; "
              "once more: at once", flush=True)  # fmt: skip
