"""The branch API of one appliance, as a branch's software uses it: questions and events."""

import dataclasses
import http.client
import json
import pathlib
import socket
import threading
import time


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: pathlib.Path, timeout: float):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Branch:
    def __init__(self, socket_path: pathlib.Path):
        self.path = socket_path
        self._local = threading.local()

    def ask(self, method: str, path: str) -> dict | None:
        """Nil when the appliance is not there."""
        for _ in range(2):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = _UnixConnection(self.path, 10)
            try:
                connection.request(method, path)
                answer = connection.getresponse()
                content = answer.read()
                if answer.status >= 300:
                    return None
                return json.loads(content) if content else {}
            except (OSError, http.client.HTTPException, ValueError):
                connection.close()
                self._local.connection = None
        return None

    def session(self) -> dict | None:
        return self.ask("GET", "/v1/session")

    def status(self) -> dict | None:
        return self.ask("GET", "/v1/status")

    def cancel(self) -> None:
        self.ask("POST", "/v1/session/cancel")


@dataclasses.dataclass
class Event:
    at: float
    kind: str
    value: str
    transaction: str | None
    text: str


class Events:
    """Follows an appliance's events, over its restarts; says what phase it is in."""

    def __init__(self, branch: Branch):
        self.branch = branch
        self.seen: list[Event] = []
        self.count = 0
        self.phase: str | None = None
        self.transaction: str | None = None
        self.phase_began = 0.0
        self.changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended = True

    def wait(self, condition, patience: float) -> bool:
        """Until `condition()` holds; it is asked again at each event."""
        end = time.monotonic() + patience
        with self.changed:
            while not condition():
                left = end - time.monotonic()
                if left <= 0:
                    return False
                self.changed.wait(min(left, 0.5))
        return True

    def since(self, count: int, kind: str, value: str | None = None) -> list[Event]:
        start = max(0, len(self.seen) - (self.count - count))
        return [
            event
            for event in self.seen[start:]
            if event.kind == kind and value in (None, event.value)
        ]

    def _follow(self) -> None:
        while not self._ended:
            try:
                self._read_stream()
            except (OSError, http.client.HTTPException, ValueError):
                pass
            self._set(None, None)
            time.sleep(0.05)

    def _read_stream(self) -> None:
        connection = _UnixConnection(self.branch.path, 40)
        try:
            connection.request("GET", "/v1/events")
            answer = connection.getresponse()
            if answer.status != 200:
                return
            before = self.count
            status = self.branch.status()
            # An event that came meanwhile is newer than the status.
            if status and self.count == before:
                self._set(status["phase"], status.get("transaction"))
            while line := answer.readline():
                if line.startswith(b"data:"):
                    self._take(json.loads(line[5:]))
                if self._ended:
                    return
        finally:
            connection.close()

    def _take(self, event: dict) -> None:
        if "kind" not in event:
            return
        with self.changed:
            self.count += 1
            self.seen.append(
                Event(
                    time.monotonic(),
                    event["kind"],
                    event["value"],
                    event.get("transaction"),
                    event["text"],
                )
            )
            del self.seen[:-400]
            if event["kind"] == "phase":
                self.phase, self.transaction = event["value"], event.get("transaction")
                self.phase_began = time.monotonic()
            self.changed.notify_all()

    def _set(self, phase: str | None, transaction: str | None) -> None:
        with self.changed:
            self.phase, self.transaction = phase, transaction
            self.phase_began = time.monotonic()
            self.changed.notify_all()
