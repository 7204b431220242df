"""One appliance: smartotpd, its reader process, its simulated reader, and everything it shows."""

import dataclasses
import os
import pathlib
import signal
import subprocess
import threading
import time

import children
from branch import Branch, Events
from sight import SeenCode, SerialSight
from simulated_reader import Card, SimulatedReader

TOLERANCE = 0.5
"""Seconds between the end of a code and the look that does not see it any more."""


@dataclasses.dataclass
class Laid:
    at: float
    card: Card | None
    """What was laid on the reader; nil for another card, or when it was lifted."""


class Appliance:
    def __init__(
        self, programs: pathlib.Path, folder: pathlib.Path, reader: SimulatedReader, times: dict
    ):
        self.programs, self.folder, self.reader, self.times = programs, folder, reader, times
        self.name = folder.name
        self.state = folder / "state"
        self.cards: list[Card] = []
        self.process: subprocess.Popen | None = None
        self.starts = 0
        self.laid: list[Laid] = []
        self.is_laid = False
        self._lifted_at: int | None = None
        """Events there were when everything was lifted; nil once the appliance has seen it."""
        self.codes: list[SeenCode] = []
        self.wrong: list[str] = []
        """What the watch of the codes found wrong."""
        self.stops: list[float] = []
        """Seconds that each stop by SIGTERM took."""
        self.serial = SerialSight()
        socket = folder / "branch.sock"
        self.branch, self._watching = Branch(socket), Branch(socket)
        self.configuration = folder / "smartotpd.yaml"
        self.configuration.write_text(
            f"state: {self.state}\n"
            f"reader: pn532_uart:{reader.link}:115200\n"
            f"display:\n  serial:\n    device: {self.serial.path}\n"
            f"branch:\n  socket: {socket}\n  show-code: true\n"
            "times:\n" + "".join(f"  {key}: {value}\n" for key, value in times.items())
        )

    # The process.

    def start(self, patience: float = 60) -> None:
        self.starts += 1
        with open(self.folder / "smartotpd.log", "ab") as log:
            self.process = children.start(
                [self.programs / "smartotpd", "--config", self.configuration],
                ledger=self.folder.parent / "processes",
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        if not hasattr(self, "events"):
            self.events = Events(self.branch)
            threading.Thread(target=self._watch_codes, daemon=True).start()
        if not self.events.wait(lambda: self.events.phase is not None, patience):
            raise RuntimeError(f"{self.name} does not start: {self.log_end()}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """Ends it by SIGTERM; how long that took."""
        start = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.stops.append(time.monotonic() - start)
        return self.stops[-1]

    def has_ended(self) -> str | None:
        """How smartotpd ended, if it did so by itself, or by somebody else's hand."""
        status = self.process.poll()
        if status is None:
            return None
        return f"smartotpd ended with {status}: {self.log_end()}"

    def hang_up(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    @property
    def reader_process(self) -> int | None:
        """smartotp-reader's process id."""
        try:
            for path in pathlib.Path("/proc").glob(f"{self.process.pid}/task/*/children"):
                for child in path.read_text().split():
                    if children.name_of(int(child)) == "smartotp-reader":
                        return int(child)
        except OSError:
            pass
        return None

    def kill_reader_process(self) -> bool:
        child, parent = self.reader_process, self.process.pid
        return child is not None and children.send(
            child, signal.SIGKILL, lambda process: children.parent_of(process) == parent
        )

    def log_end(self, count: int = 1500) -> str:
        path = self.folder / "smartotpd.log"
        return path.read_text(errors="replace")[-count:] if path.exists() else ""

    # The reader.

    def lay(self, card: Card | int) -> None:
        """Lays a card of this appliance on the reader, or the simulator's card of that number."""
        number = card if isinstance(card, int) else card.number
        self.laid.append(Laid(time.monotonic(), None if isinstance(card, int) else card))
        del self.laid[:-60]
        self.is_laid, self._lifted_at = True, None
        self.reader.ask(f"tap {number}")

    def lay_again(self, card: Card) -> None:
        """Notes that the card comes back by itself."""
        self.laid.append(Laid(time.monotonic(), card))

    def lift(self) -> None:
        self._lifted_at = self.events.count
        self.reader.ask("remove all")
        self.is_laid = False
        self.laid.append(Laid(time.monotonic(), None))

    def lift_and_wait(self, patience: float = 2.5) -> None:
        """Until the appliance has seen that nothing lies there, or has seen nothing before."""
        self.lift()
        self.wait_until_clear(patience)

    def wait_until_clear(self, patience: float = 2.5) -> None:
        """After a lift: until the appliance has seen it, as the next tap must."""
        if (before := self._lifted_at) is not None:
            self.events.wait(lambda: self.events.since(before, "card", "left"), patience)
            self._lifted_at = None

    def is_there(self, phase: str, transaction: str | None = None) -> bool:
        return self.events.phase == phase and transaction in (None, self.events.transaction)

    def wait_for(self, phase: str, transaction: str | None = None, patience: float = 20) -> bool:
        return self.events.wait(lambda: self.is_there(phase, transaction), patience)

    def taps_since(self, card: Card, moment: float) -> int:
        return sum(1 for laid in self.laid if laid.card is card and laid.at >= moment)

    # The codes.

    def _watch_codes(self) -> None:
        """Looks at the picture as long as a code is in it: none may outlive its time."""
        while True:
            self.events.wait(lambda: self.events.phase == "showing", 3600)
            seen: SeenCode | None = None
            while True:
                asked = time.monotonic()
                session = self._watching.session()
                code = (session or {}).get("code")
                if code is None:
                    if self.events.phase != "showing" or session is None:
                        break
                    time.sleep(0.02)
                    continue
                transaction = session["transaction"]["id"]
                if seen is None or (seen.code, seen.transaction) != (code, transaction):
                    seen = SeenCode(code, transaction, time.monotonic(), asked)
                    with self.events.changed:
                        self.codes.append(seen)
                        del self.codes[:-100]
                        self.events.changed.notify_all()
                if asked > seen.last:
                    with self.events.changed:
                        seen.last = asked
                        self.events.changed.notify_all()
                if session["phase"] != "showing":
                    self.wrong.append(f"a code is in the picture while {session['phase']}")
                time.sleep(0.05 if seen.last - seen.first < 1 else 0.1)
            if seen:
                seen.is_gone = True
                self._judge_sight("the branch API", seen)
                if on_serial := self.serial.last(seen.code):
                    self._judge_sight("the serial display", on_serial)
                with self.events.changed:
                    self.events.changed.notify_all()

    def _judge_sight(self, display: str, seen: SeenCode) -> None:
        if seen.seconds > self.times["show"] + TOLERANCE:
            self.wrong.append(f"a code was in sight on {display} for {seen.seconds:.2f} s")

    def code_of(self, transaction: str) -> str | None:
        """The code that has been in sight for it since the present phase began."""
        since = self.events.phase_began
        return next(
            (c.code for c in self.codes if c.transaction == transaction and c.last >= since), None
        )

    def sights_of(self, code: str) -> dict[str, SeenCode | None]:
        """How long each display that is watched had it in sight."""
        on_branch = next((seen for seen in reversed(self.codes) if seen.code == code), None)
        return {"the branch API": on_branch, "the serial display": self.serial.last(code)}

    # What it uses.

    def resources(self) -> dict[str, int]:
        """KiB of RSS and PSS, and descriptors, of both processes."""
        found = {}
        for name, process in (("smartotpd", self.process.pid), ("reader", self.reader_process)):
            if process is None:
                continue
            try:
                found[f"{name} pid"] = process
                for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                    words = line.split()
                    if words[0] in ("Rss:", "Pss:", "Pss_Anon:"):
                        found[f"{name} {words[0][:-1].lower()}"] = int(words[1])
                found[f"{name} fds"] = len(os.listdir(f"/proc/{process}/fd"))
                threads = os.listdir(f"/proc/{process}/task")
                found[f"{name} threads"] = len(threads)
            except OSError:
                continue
        return found
