"""Where OATH cards differ. `yubikey` follows the published YKOATH description;
`canokey`, `javacard` and `trussed` behave as three open OATH applications were seen to
(CanoKey core, ykneo-oath, the trussed authenticator); `strict` takes the least
convenient choice of every row at once."""

from dataclasses import dataclass, replace

from .apdu import Status


@dataclass(frozen=True)
class Profile:
    name: str
    version: bytes = bytes([5, 4, 3])
    challenge_limit: int = 64
    calculate_all_challenge_limit: int = 64
    block: int = 256
    """Most response bytes in one answer; the rest waits for SEND REMAINING."""
    exact_count: bool = True
    """The count after 61 is the number of bytes left; otherwise always FF."""
    spoiled_by_undrained_chain: bool = False
    """The next answer starts where the interrupted chain stopped."""
    nothing_remaining: Status = Status.CONDITIONS
    set_code_without_type: Status | None = None
    """Refuses SET CODE whose algorithm byte lacks the type (01; wants 21)."""
    locked: Status = Status.LOCKED
    wrong_validate: Status = Status.WRONG_SYNTAX
    validate_challenge_minimum: int = 1
    stays_unlocked_across_select: bool = False
    hotp_counts_first: bool = False
    """The first code's counter is the moving factor + 1."""
    hotp_counter_bits: int = 32
    hotp_needs_challenge_field: bool = True
    put_replaces: bool = True
    reads_past_put: bool = False
    """Without the property tag, PUT takes what an earlier command left in the buffer."""
    sha512: Status | None = None
    """The status word that refuses SHA-512, if the card has none."""
    rename: bool = True
    reset: bool = True
    credentials: int = 32


YUBIKEY = Profile("yubikey")

CANOKEY = Profile(
    "canokey",
    version=bytes([6, 0, 0]),
    challenge_limit=8,
    calculate_all_challenge_limit=8,
    exact_count=False,
    stays_unlocked_across_select=True,
    hotp_counts_first=True,
    hotp_needs_challenge_field=False,
    hotp_counter_bits=64,
    put_replaces=False,
    reset=False,
    credentials=100,
)

JAVACARD = Profile(
    "javacard",
    version=bytes([1, 0, 2]),
    calculate_all_challenge_limit=32,
    spoiled_by_undrained_chain=True,
    nothing_remaining=Status.OK,
    set_code_without_type=Status.NO_SUCH_OBJECT,
    validate_challenge_minimum=8,
    hotp_counter_bits=16,
    reads_past_put=True,
    sha512=Status.WRONG_SYNTAX,
    rename=False,
)

TRUSSED = Profile(
    "trussed",
    version=bytes([4, 11, 0]),
    exact_count=False,
    set_code_without_type=Status.WRONG_SYNTAX,
    locked=Status.CONDITIONS,
    sha512=Status.UNKNOWN_INSTRUCTION,
    rename=False,
)

STRICT = replace(
    CANOKEY,
    name="strict",
    spoiled_by_undrained_chain=True,
    nothing_remaining=Status.CONDITIONS,
    set_code_without_type=Status.WRONG_SYNTAX,
    wrong_validate=Status.NO_SUCH_OBJECT,
    validate_challenge_minimum=8,
    stays_unlocked_across_select=False,
    hotp_needs_challenge_field=True,
    hotp_counter_bits=16,
    reads_past_put=True,
    sha512=Status.WRONG_SYNTAX,
    rename=False,
    credentials=16,
)

PROFILES = {p.name: p for p in (YUBIKEY, CANOKEY, JAVACARD, TRUSSED, STRICT)}
