"""smartotp-sim with two Smart OTP cards, and whatever else is to be laid on it."""

import dataclasses
import hashlib
import hmac
import json
import os
import pathlib
import queue
import subprocess
import threading
import time

import children

HOSTILE = (
    ["ats-length-0", "ats-length-0-with-bytes", "ats-length-1", "ats-length-2-promises-all"]
    + ["ats-length-255", "ats-longer-than-sent", "ats-shorter-than-sent", "ats-254-bytes"]
    + ["ats-reserved-values"]
    + [f"uid-length-{count}" for count in range(21)]
    + ["uid-length-lies", "nothing-after-target-number", "one-byte-of-atqa", "no-uid-length"]
    + [f"atqb-cut-to-{count}" for count in range(13)]
    + ["atqb-attrib-length-lies", "atqb-not-50"]
)


@dataclasses.dataclass
class Card:
    """A personalised card; its keys as the reader's line had them when it was issued."""

    number: int
    vendor: str
    serial: str
    key: bytes = b""
    access_key: bytes = b""

    @property
    def name(self) -> str:
        return f"{self.vendor}:{self.serial}"

    @property
    def identity(self) -> dict:
        return {"vendorCode": self.vendor, "serial": self.serial}


class SimulatedReader:
    """Cards keep their numbers: 1 and 2 are Smart OTPs, then come MIFARE, type B, the hostile."""

    def __init__(self, programs: pathlib.Path, folder: pathlib.Path, hostile: bool, paced: bool):
        self.programs, self.folder = programs, folder
        self.link = folder / "reader"
        self.kinds = ["oath", "oath", "mifare-classic", "type-b"]
        if hostile:
            self.kinds += [f"hostile:{name}" for name in HOSTILE]
        self.paced = paced
        self.child: subprocess.Popen | None = None
        self.lock = threading.Lock()

    def start(self, link: pathlib.Path | None = None, log: pathlib.Path | None = None) -> None:
        command = [self.programs / "smartotp-sim", "--json", "--absent", "--link", link or self.link]
        for kind in self.kinds:
            command += ["--card", kind]
        if self.paced:
            command.append("--paced")
        if log:
            command += ["--log", log]
        # It ends by itself when this program's end of the pipe is closed.
        self.child = children.start(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_read, args=(self.child, self._lines), daemon=True).start()
        self.path = self._line().split(":")[1]

    def kill(self) -> None:
        if self.child:
            self.child.kill()
            self.child.wait()
            self.child = None

    def replace(self, cards: list[Card], away_for: float = 0) -> None:
        """A new reader comes to the old one's place, cards have the keys that they had."""
        # Made while the old one is there: else it may get its number, which somebody still holds.
        new = SimulatedReader(self.programs, self.folder, False, self.paced)
        new.kinds = self.kinds
        away = self.folder / "reader-away"
        new.start(link=away)
        for card in cards:
            new.ask(f"tap {card.number}")
            new._personalise(card, away)
            new.ask(f"remove {card.number}")
        self.kill()
        self.link.unlink(missing_ok=True)
        time.sleep(away_for)
        self.child, self._lines, self.path = new.child, new._lines, new.path
        os.symlink(self.path, self.link)

    def _personalise(self, card: Card, link: pathlib.Path) -> None:
        name = f"smartotp:{card.name}".encode()
        put = _field(0x71, name) + _field(0x73, b"\x22\x06" + card.key) + b"\x78\x00"
        proof = bytes(8)
        response = hmac.new(card.access_key, proof, hashlib.sha1).digest()
        lock = _field(0x73, b"\x21" + card.access_key) + _field(0x74, proof)
        lock += _field(0x75, response)
        apdus = [bytes.fromhex("00A4040007A0000005272101")]
        apdus += [b"\x00\x01\x00\x00" + bytes([len(put)]) + put]
        apdus += [b"\x00\x03\x00\x00" + bytes([len(lock)]) + lock]
        for _ in range(5):
            result = subprocess.run(
                [self.programs / "smartotp", "apdu", "-r", f"pn532_uart:{link}:115200"]
                + [apdu.hex().upper() for apdu in apdus],
                capture_output=True,
                text=True,
                timeout=60,
            )
            lines = result.stdout.split()
            if len(lines) == 3 and all(line.endswith("9000") for line in lines):
                return
            time.sleep(1)
        raise RuntimeError(f"a card could not be made again: {result.stderr}")

    def ask(self, command: str) -> dict:
        with self.lock:
            self.child.stdin.write(command + "\n")
            self.child.stdin.flush()
            answer = json.loads(self._line())
        if answer["result"] == "error":
            raise ValueError(f"{command}: {answer['message']}")
        return answer

    def _line(self) -> str:
        return self._lines.get(timeout=30).rstrip("\n")


def keys_on_the_line(log: pathlib.Path) -> tuple[bytes, bytes]:
    """K_otp and K_acc of the card that was personalised last, from the frames of the line."""
    key = access = b""
    for line in log.read_text().splitlines():
        words = line.split()
        if len(words) < 5 or words[1] != ">":
            continue
        frame = bytes.fromhex(words[4])
        at = frame.find(b"\xd4\x40\x01")
        if at < 0:
            continue
        apdu = frame[at + 3 :]
        if apdu[:4] == b"\x00\x01\x00\x00":
            key = _find(apdu[5 : 5 + apdu[4]], 0x73)[2:]
        elif apdu[:4] == b"\x00\x03\x00\x00":
            access = _find(apdu[5 : 5 + apdu[4]], 0x73)[1:]
    return key, access


def _field(tag: int, value: bytes) -> bytes:
    return bytes([tag, len(value)]) + value


def _find(fields: bytes, tag: int) -> bytes:
    while len(fields) >= 2:
        value = fields[2 : 2 + fields[1]]
        if fields[0] == tag:
            return value
        fields = fields[2 + fields[1] :]
    return b""


def _read(child: subprocess.Popen, lines: queue.Queue) -> None:
    for line in child.stdout:
        lines.put(line)
