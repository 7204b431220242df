"""The OATH application: YKOATH commands over a list of credentials."""

import hmac
import secrets

from . import otp
from .answer import AnswerQueue
from .apdu import CardRefusal, Command, Status, parse_command
from .credential import HOTP, NAME_LIMIT, TOTP, TOUCH, Credential
from .profile import Profile
from .tlv import Reader, Tag, encode

AID = bytes.fromhex("A0000005272101")
SELECT, PUT, DELETE, SET_CODE, RESET, RENAME = 0xA4, 0x01, 0x02, 0x03, 0x04, 0x05
LIST, CALCULATE, VALIDATE, CALCULATE_ALL, SEND_REMAINING = 0xA1, 0xA2, 0xA3, 0xA4, 0xA5
COMMAND_BUFFER = 256


class OATHApplication:
    def __init__(self, profile: Profile, random=secrets.token_bytes):
        self.profile = profile
        self.random = random
        self.credentials: list[Credential] = []
        self.access_key: bytes | None = None
        self.access_type = 0x21
        self.identity = random(8)
        self.leftover = bytearray(COMMAND_BUFFER)
        self.power_off()

    def power_off(self) -> None:
        self.selected = False
        self.unlocked = False
        self.challenge: bytes | None = None
        self.answers = AnswerQueue(self.profile)

    def transmit(self, raw: bytes) -> bytes:
        """One command APDU in, one response APDU out; never raises."""
        try:
            command = parse_command(raw)
            data, status = self._dispatch(command)
        except CardRefusal as refusal:
            data, status = b"", refusal.status
        return data + status.to_bytes(2, "big")

    def _dispatch(self, command: Command) -> tuple[bytes, int]:
        if command.cla != 0:
            raise CardRefusal(Status.UNKNOWN_CLASS)
        if (command.ins, command.p1) == (SELECT, 0x04):
            return self._select(command), Status.OK
        if not self.selected:
            raise CardRefusal(Status.UNKNOWN_INSTRUCTION)
        seen = command.data[:COMMAND_BUFFER]
        self.leftover[: len(seen)] = seen
        self._demand_access(command)
        if command.ins == SEND_REMAINING:
            return self.answers.more(command.expected)
        return self.answers.begin(self._run(command), command.expected)

    def _demand_access(self, command: Command) -> None:
        free = (VALIDATE, RESET) if self.profile.reset else (VALIDATE,)
        if self.access_key and not self.unlocked and command.ins not in free:
            raise CardRefusal(self.profile.locked)

    def _run(self, command: Command) -> list[bytes]:
        handlers = {
            PUT: (self._put, (0,)),
            DELETE: (self._delete, (0,)),
            SET_CODE: (self._set_code, (0,)),
            LIST: (self._list, (0,)),
            CALCULATE: (self._calculate, (0, 1)),
            VALIDATE: (self._validate, (0,)),
            CALCULATE_ALL: (self._calculate_all, (0, 1)),
        }
        if self.profile.reset:
            handlers[RESET] = (self._reset, (0xDEAD,))
        if self.profile.rename:
            handlers[RENAME] = (self._rename, (0,))
        if command.ins not in handlers:
            raise CardRefusal(Status.UNKNOWN_INSTRUCTION)
        handler, parameters = handlers[command.ins]
        if command.parameters not in parameters:
            raise CardRefusal(Status.WRONG_PARAMETERS)
        return handler(command)

    # Session

    def _select(self, command: Command) -> bytes:
        if len(command.data) < 5 or not AID.startswith(command.data[: len(AID)]):
            raise CardRefusal(Status.NOT_FOUND)
        self.selected = True
        self.answers = AnswerQueue(self.profile)
        if not self.profile.stays_unlocked_across_select:
            self.unlocked = False
        answer = encode(Tag.VERSION, self.profile.version) + encode(Tag.NAME, self.identity)
        if self.access_key is None:
            return answer
        self.challenge = self.random(8)
        return (
            answer
            + encode(Tag.CHALLENGE, self.challenge)
            + encode(Tag.ALGORITHM, bytes([self.access_type & 0x0F]))
        )

    def _set_code(self, command: Command) -> list[bytes]:
        reader = Reader(command.data)
        key = reader.field(Tag.KEY) if command.data else b""
        if not key:
            self.access_key = None
            return []
        if self.profile.set_code_without_type and key[0] & 0xF0 not in (HOTP, TOTP):
            raise CardRefusal(self.profile.set_code_without_type)
        challenge = reader.field(Tag.CHALLENGE)
        response = reader.field(Tag.RESPONSE)
        reader.finish()
        if key[0] & 0x0F != otp.SHA1 or len(key) < 2:
            raise CardRefusal(Status.WRONG_SYNTAX)
        proof = otp.digest(otp.SHA1, key[1:], challenge)
        if not hmac.compare_digest(proof, response):
            raise CardRefusal(Status.NO_SUCH_OBJECT)
        self.access_type, self.access_key = key[0], key[1:]
        self.unlocked = False
        return []

    def _validate(self, command: Command) -> list[bytes]:
        if self.access_key is None:
            raise CardRefusal(Status.NO_SUCH_OBJECT)
        reader = Reader(command.data)
        response = reader.field(Tag.RESPONSE)
        challenge = reader.field(Tag.CHALLENGE)
        reader.finish()
        if len(challenge) < self.profile.validate_challenge_minimum:
            raise CardRefusal(Status.WRONG_SYNTAX)
        asked, self.challenge = self.challenge, None
        self.unlocked = False
        proof = otp.digest(otp.SHA1, self.access_key, asked or b"")
        if asked is None or not hmac.compare_digest(proof, response):
            raise CardRefusal(self.profile.wrong_validate)
        self.unlocked = True
        return [encode(Tag.RESPONSE, otp.digest(otp.SHA1, self.access_key, challenge))]

    def _reset(self, _: Command) -> list[bytes]:
        self.credentials.clear()
        self.access_key = None
        self.identity = self.random(8)
        return []

    # Credentials

    def _find(self, name: bytes) -> Credential:
        for credential in self.credentials:
            if credential.name == name:
                return credential
        raise CardRefusal(Status.NO_SUCH_OBJECT)

    def _exists(self, name: bytes) -> bool:
        return any(c.name == name for c in self.credentials)

    def add(self, credential: Credential) -> None:
        """Stores a credential as PUT would."""
        if not 1 <= len(credential.name) <= NAME_LIMIT or not 4 <= credential.digits <= 8:
            raise CardRefusal(Status.WRONG_SYNTAX)
        if credential.algorithm == otp.SHA512 and self.profile.sha512:
            raise CardRefusal(self.profile.sha512)
        if self._exists(credential.name):
            if not self.profile.put_replaces:
                raise CardRefusal(Status.CONDITIONS)
            self.credentials.remove(self._find(credential.name))
        if len(self.credentials) >= self.profile.credentials:
            raise CardRefusal(Status.NO_SPACE)
        self.credentials.append(credential)

    def _put(self, command: Command) -> list[bytes]:
        past = bytes(self.leftover[len(command.data) :]) if self.profile.reads_past_put else b""
        reader = Reader(command.data + past)
        name, key = reader.field(Tag.NAME), reader.field(Tag.KEY)
        if reader.offset > len(command.data) or len(key) < 3:
            raise CardRefusal(Status.WRONG_SYNTAX)
        properties = reader.property() if reader.next_is(Tag.PROPERTY) else 0
        factor = reader.field(Tag.MOVING_FACTOR) if reader.next_is(Tag.MOVING_FACTOR) else bytes(4)
        if not self.profile.reads_past_put:
            reader.finish()
        kind, algorithm = key[0] & 0xF0, key[0] & 0x0F
        if kind not in (HOTP, TOTP) or algorithm not in otp.HASHES or len(factor) != 4:
            raise CardRefusal(Status.WRONG_SYNTAX)
        moving_factor = int.from_bytes(factor, "big")
        self.add(Credential(name, kind, algorithm, key[1], key[2:], properties, moving_factor))
        return []

    def _delete(self, command: Command) -> list[bytes]:
        self.credentials.remove(self._find(Reader(command.data).field(Tag.NAME)))
        return []

    def _rename(self, command: Command) -> list[bytes]:
        reader = Reader(command.data)
        credential, new = self._find(reader.field(Tag.NAME)), reader.field(Tag.NAME)
        if self._exists(new) or not 1 <= len(new) <= NAME_LIMIT:
            raise CardRefusal(Status.WRONG_SYNTAX)
        credential.name = new
        return []

    def _list(self, _: Command) -> list[bytes]:
        return [encode(Tag.NAME_LIST, bytes([c.type_byte]) + c.name) for c in self.credentials]

    def _calculate(self, command: Command) -> list[bytes]:
        reader = Reader(command.data)
        credential = self._find(reader.field(Tag.NAME))
        challenge = b""
        if credential.kind == TOTP or self.profile.hotp_needs_challenge_field:
            challenge = reader.field(Tag.CHALLENGE)
        if credential.kind == TOTP and not 1 <= len(challenge) <= self.profile.challenge_limit:
            raise CardRefusal(Status.WRONG_SYNTAX)
        return [self._response(credential, challenge, truncated=command.p2 == 1)]

    def _calculate_all(self, command: Command) -> list[bytes]:
        challenge = Reader(command.data).field(Tag.CHALLENGE)
        if not 1 <= len(challenge) <= self.profile.calculate_all_challenge_limit:
            raise CardRefusal(Status.WRONG_SYNTAX)
        return [self._summary(c, challenge, truncated=command.p2 == 1) for c in self.credentials]

    def _summary(self, credential: Credential, challenge: bytes, truncated: bool) -> bytes:
        name, digits = encode(Tag.NAME, credential.name), bytes([credential.digits])
        if credential.kind == HOTP:
            return name + encode(Tag.HOTP, digits)
        if credential.properties & TOUCH:
            return name + encode(Tag.TOUCH, digits)
        return name + self._response(credential, challenge, truncated)

    def _response(self, credential: Credential, challenge: bytes, truncated: bool) -> bytes:
        mac = credential.calculate(challenge, self.profile)
        digits = bytes([credential.digits])
        if truncated:
            return encode(Tag.TRUNCATED, digits + otp.truncate(mac).to_bytes(4, "big"))
        return encode(Tag.RESPONSE, digits + mac)
