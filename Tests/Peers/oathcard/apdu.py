"""Command APDUs (ISO/IEC 7816-4, clause 5.1) and the status words the card uses."""

from dataclasses import dataclass
from enum import IntEnum


class Status(IntEnum):
    OK = 0x9000
    WRONG_LENGTH = 0x6700
    LOCKED = 0x6982
    CONDITIONS = 0x6985
    NO_SUCH_OBJECT = 0x6984
    WRONG_SYNTAX = 0x6A80
    NOT_FOUND = 0x6A82
    NO_SPACE = 0x6A84
    WRONG_PARAMETERS = 0x6A86
    UNKNOWN_INSTRUCTION = 0x6D00
    UNKNOWN_CLASS = 0x6E00
    INTERNAL = 0x6F00


class CardRefusal(Exception):
    """The card answers with this status word and nothing else."""

    def __init__(self, status: int):
        super().__init__(f"{status:04X}")
        self.status = status


@dataclass(frozen=True)
class Command:
    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes
    expected: int | None
    """Ne, the most bytes the answer may have; None when there is no Le."""

    @property
    def parameters(self) -> int:
        return self.p1 << 8 | self.p2


def parse_command(raw: bytes) -> Command:
    """Any bytes in: a command, or a refusal with 6700."""
    if len(raw) < 4:
        raise CardRefusal(Status.WRONG_LENGTH)
    header, body = raw[:4], raw[4:]
    data, expected = _parse_body(body)
    return Command(*header, data, expected)


def _parse_body(body: bytes) -> tuple[bytes, int | None]:
    if not body:
        return b"", None
    if len(body) == 1:
        return b"", body[0] or 256
    if body[0] == 0 and len(body) >= 3:
        return _parse_extended(body[1:])
    return _split(body[1:], body[0], le_width=1)


def _parse_extended(body: bytes) -> tuple[bytes, int | None]:
    length = int.from_bytes(body[:2], "big")
    if len(body) == 2:
        return b"", length or 65536
    return _split(body[2:], length, le_width=2)


def _split(rest: bytes, length: int, le_width: int) -> tuple[bytes, int | None]:
    data, le = rest[:length], rest[length:]
    if len(data) != length or length == 0:
        raise CardRefusal(Status.WRONG_LENGTH)
    if not le:
        return data, None
    if len(le) != le_width:
        raise CardRefusal(Status.WRONG_LENGTH)
    return data, int.from_bytes(le, "big") or 256**le_width
