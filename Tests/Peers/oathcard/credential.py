"""One credential on the card and its code."""

from dataclasses import dataclass, field

from . import otp
from .apdu import CardRefusal, Status
from .profile import Profile

HOTP, TOTP = 0x10, 0x20
ONLY_INCREASING, TOUCH = 0x01, 0x02
NAME_LIMIT = 64


@dataclass
class Credential:
    name: bytes
    kind: int
    algorithm: int
    digits: int
    key: bytes = field(repr=False)
    properties: int = 0
    moving_factor: int = 0
    uses: int = 0
    last_challenge: bytes = b""

    @property
    def type_byte(self) -> int:
        return self.kind | self.algorithm

    def calculate(self, challenge: bytes, profile: Profile) -> bytes:
        """The whole HMAC: over the challenge, or over the counter, which moves."""
        if self.kind == HOTP:
            challenge = self._next_counter(profile)
        elif self.properties & ONLY_INCREASING:
            self._demand_increase(challenge)
        return otp.digest(self.algorithm, self.key, challenge)

    def _next_counter(self, profile: Profile) -> bytes:
        first = 1 if profile.hotp_counts_first else 0
        used = (self.uses + first) % 2**profile.hotp_counter_bits
        self.uses += 1
        return otp.counter_bytes((self.moving_factor + used) % 2**64)

    def _demand_increase(self, challenge: bytes) -> None:
        if challenge.rjust(64, b"\0") < self.last_challenge.rjust(64, b"\0"):
            raise CardRefusal(Status.LOCKED)
        self.last_challenge = challenge
