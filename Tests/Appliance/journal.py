"""What a long run has done so far, a line of JSON each: a run that was cut off goes on from it."""

import json
import pathlib
import threading


class Journal:
    def __init__(self, path: pathlib.Path | None):
        self.earlier: list[dict] = []
        self._lock = threading.Lock()
        self._file = None
        if path is None:
            return
        if path.exists():
            for line in path.read_text().splitlines():
                try:
                    self.earlier.append(json.loads(line))
                except ValueError:  # The last one, cut off.
                    continue
        self._file = open(path, "a")  # noqa: SIM115
        if path.stat().st_size:
            self._file.write("\n")

    def write(self, kind: str, **values) -> None:
        if self._file is None:
            return
        with self._lock:
            self._file.write(json.dumps({"kind": kind, **values}) + "\n")
            self._file.flush()

    def all_of(self, kind: str) -> list[dict]:
        """Of the earlier parts of this run."""
        return [entry for entry in self.earlier if entry["kind"] == kind]
