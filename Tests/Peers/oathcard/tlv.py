"""The flat tag-length-value lists of YKOATH. Lengths above 127 take the BER forms
81 and 82. The property tag alone has one value byte and no length."""

from enum import IntEnum

from .apdu import CardRefusal, Status


class Tag(IntEnum):
    NAME = 0x71
    NAME_LIST = 0x72
    KEY = 0x73
    CHALLENGE = 0x74
    RESPONSE = 0x75
    TRUNCATED = 0x76
    HOTP = 0x77
    PROPERTY = 0x78
    VERSION = 0x79
    MOVING_FACTOR = 0x7A
    ALGORITHM = 0x7B
    TOUCH = 0x7C


def encode(tag: int, value: bytes) -> bytes:
    size = len(value)
    if size < 0x80:
        return bytes([tag, size]) + value
    if size < 0x100:
        return bytes([tag, 0x81, size]) + value
    return bytes([tag, 0x82]) + size.to_bytes(2, "big") + value


class Reader:
    """Reads fields in the order the protocol gives them; whatever does not fit is 6A80."""

    def __init__(self, data: bytes):
        self.data = data
        self.offset = 0

    @property
    def at_end(self) -> bool:
        return self.offset >= len(self.data)

    def next_is(self, tag: Tag) -> bool:
        return not self.at_end and self.data[self.offset] == tag

    def take(self, count: int) -> bytes:
        part = self.data[self.offset : self.offset + count]
        if len(part) != count:
            raise CardRefusal(Status.WRONG_SYNTAX)
        self.offset += count
        return part

    def field(self, tag: Tag) -> bytes:
        if not self.next_is(tag):
            raise CardRefusal(Status.WRONG_SYNTAX)
        self.offset += 1
        return self.take(self._length())

    def property(self) -> int:
        self.offset += 1
        return self.take(1)[0]

    def finish(self) -> None:
        if not self.at_end:
            raise CardRefusal(Status.WRONG_SYNTAX)

    def _length(self) -> int:
        first = self.take(1)[0]
        if first < 0x80:
            return first
        if first in (0x81, 0x82):
            return int.from_bytes(self.take(first - 0x80), "big")
        raise CardRefusal(Status.WRONG_SYNTAX)
