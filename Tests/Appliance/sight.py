"""When a code was in sight on a display, and the serial display that says so itself."""

import dataclasses
import os
import threading
import time
import tty


@dataclasses.dataclass
class SeenCode:
    """A code in sight: from the first moment that it was seen to the last."""

    code: str
    transaction: str | None
    first: float
    last: float
    is_gone: bool = False

    @property
    def seconds(self) -> float:
        return self.last - self.first


class SerialSight:
    """The other end of an appliance's serial display: a code is in sight from CODE to CLEAR."""

    def __init__(self):
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self.codes: list[SeenCode] = []
        threading.Thread(target=self._read, daemon=True).start()

    def last(self, code: str) -> SeenCode | None:
        return next((seen for seen in reversed(self.codes) if seen.code == code), None)

    def _read(self) -> None:
        rest = b""
        while True:
            try:
                rest += os.read(self._master, 4096)
            except OSError:
                return
            *lines, rest = rest.split(b"\r\n")
            for line in lines:
                self._take(line)

    def _take(self, line: bytes) -> None:
        now = time.monotonic()
        current = self.codes[-1] if self.codes and not self.codes[-1].is_gone else None
        if current:
            current.last = now
        if line == b"CLEAR" and current:
            current.is_gone = True
        elif line.startswith(b"CODE "):
            code = line[5:].decode(errors="replace")
            if current is None or current.code != code:
                self.codes.append(SeenCode(code, None, now, now))
                del self.codes[:-100]
