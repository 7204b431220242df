"""A scripted appliance behind the real branch API, in a process of its own."""

import os
import subprocess

# Of characters that base64 has and addresses give another meaning.
TOKEN = "f00d+feed/0bad+cafe=="


class Appliance:
    """What is said to it happens to it."""

    def __init__(self):
        self.process = subprocess.Popen(
            [os.environ["BRANCH_FIXTURE"], TOKEN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._expect("listens"))

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/"

    @property
    def address_with_token(self):
        return f"{self.address}#token={TOKEN}"

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def stop(self):
        self.say("stop")
        self._expect("stopped")

    def start(self):
        self.say("start")
        assert int(self._expect("listens")) == self.port

    def end(self):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.stdout.close()
        assert self.process.wait(timeout=10) == 0

    def places_of(self, text):
        """How often `text` is in the process' memory, of which some cannot be read."""
        count = 0
        with (
            open(f"/proc/{self.process.pid}/maps") as maps,
            open(f"/proc/{self.process.pid}/mem", "rb", 0) as memory,
        ):
            for line in maps:
                span, access = line.split()[:2]
                start, end = (int(number, 16) for number in span.split("-"))
                # The program's own text is no memory of what it was told.
                if not access.startswith("rw"):
                    continue
                memory.seek(start)
                try:
                    count += memory.read(end - start).count(text)
                except OSError:
                    continue
        return count

    def _expect(self, word):
        line = self.process.stdout.readline().split()
        assert line and line[0] == word, f"{word} was expected, not {line}"
        return line[1] if len(line) > 1 else None
