"""smartotp-sim as a child process: where its serial device is, its counters, its commands."""

import json
import pathlib
import queue
import subprocess
import threading

import harness

VENDOR, SERIAL = "K01", "12345678"
NAME = f"smartotp:{VENDOR}:{SERIAL}"
KEY = b"01234567890123456789012345678901"
CHALLENGE = "79a43e1f1a02c642"
CODE = "570924"
"""The first transaction code of the test vectors."""


class Simulator:
    """A simulated reader with the test vector's card, unless `arguments` name another."""

    def __init__(self, program: pathlib.Path, *arguments: str):
        seed = f"{VENDOR}:{SERIAL}:{KEY.hex()}"
        self.command = [str(program), "--json", "--smart-otp", seed, *arguments]

    def __enter__(self) -> "Simulator":
        self.child = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.connstring = self._line()
        self.device = self.connstring.split(":")[1]
        return self

    def __exit__(self, *_):
        harness.stop(self.child)

    def _read(self) -> None:
        for line in self.child.stdout:
            self._lines.put(line.rstrip("\n"))

    def _line(self, patience: float = 10) -> str:
        try:
            return self._lines.get(timeout=patience)
        except queue.Empty as error:
            status = self.child.poll()
            raise TimeoutError(f"smartotp-sim says nothing (exit status {status})") from error

    def ask(self, command: str) -> dict:
        """Gives the simulator's console a command; returns its answer."""
        self.child.stdin.write(command + "\n")
        self.child.stdin.flush()
        answer = json.loads(self._line())
        if answer["result"] == "error":
            raise ValueError(f"{command}: {answer['message']}")
        return answer

    def counters(self) -> dict[str, int]:
        """`commands`, `bytesFromHost`, `bytesToHost`, `faults`."""
        return {key: value for key, value in self.ask("counters").items() if key != "result"}
