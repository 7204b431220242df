"""Response chaining: 61xx and SEND REMAINING."""

from .apdu import CardRefusal, Status
from .profile import Profile

SEND_BUFFER = 8192
"""Above the longest answer: 100 credentials with a name of 64 bytes in LIST."""


class AnswerQueue:
    """What one command has to say, in blocks. A card whose chain was left undrained may
    cut the next answer at the old place: it keeps one send buffer and one read position."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.buffer = bytearray(SEND_BUFFER)
        self.position = 0
        self.remaining = 0

    def begin(self, records: list[bytes], expected: int | None) -> tuple[bytes, int]:
        answer = b"".join(records)
        if len(answer) > SEND_BUFFER:
            raise CardRefusal(Status.INTERNAL)
        self.buffer[: len(answer)] = answer
        if not self.profile.spoiled_by_undrained_chain:
            self.position = 0
        self.remaining = len(answer)
        return self._block(expected)

    def more(self, expected: int | None) -> tuple[bytes, int]:
        if self.remaining == 0:
            if self.profile.nothing_remaining != Status.OK:
                raise CardRefusal(self.profile.nothing_remaining)
            return b"", Status.OK
        return self._block(expected)

    def _block(self, expected: int | None) -> tuple[bytes, int]:
        size = min(self.remaining, self.profile.block, expected or 256)
        block = bytes(self.buffer[self.position : self.position + size])
        self.remaining -= size
        if self.remaining == 0:
            self.position = 0
            return block, Status.OK
        self.position += size
        count = min(self.remaining, 256) & 0xFF if self.profile.exact_count else 0xFF
        return block, 0x6100 | count
