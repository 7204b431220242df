"""The Python OATH card against the RFC vectors and against what cards are known to do."""

import json
import pathlib
import unittest

import oath_card
from oathcard import otp, transaction
from oathcard.apdu import CardRefusal, parse_command
from oathcard.application import AID, OATHApplication
from oathcard.credential import HOTP, TOTP, Credential
from oathcard.profile import PROFILES
from oathcard.tlv import Reader, Tag, encode

RFC4226_KEY = b"12345678901234567890"
RFC4226_CODES = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split()
RFC6238 = [  # time, SHA-1, SHA-256, SHA-512
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]
RFC6238_KEYS = {
    1: (b"1234567890" * 7)[:20],
    2: (b"1234567890" * 7)[:32],
    3: (b"1234567890" * 7)[:64],
}
ACCESS_KEY = bytes(range(16))
VECTORS = (
    pathlib.Path(__file__).parents[1]
    / "TestMaterial"
    / "Vectors"
    / "transaction-codes.json"
)


def apdu(ins, p1=0, p2=0, data=b"", le=True):
    body = bytes([len(data)]) + data if data else b""
    return bytes([0, ins, p1, p2]) + body + (b"\0" if le else b"")


SELECT = apdu(0xA4, 4, 0, AID)
LIST = apdu(0xA1)
SEND_REMAINING = apdu(0xA5)


def card(profile="yubikey", *credentials, access_key=None):
    made = OATHApplication(PROFILES[profile])
    for credential in credentials:
        made.add(credential)
    made.access_key = access_key
    made.transmit(SELECT)
    return made


def put(name, key=RFC4226_KEY, kind_and_hash=0x21, digits=6, rest=b"\x78\x00"):
    return apdu(
        0x01,
        data=encode(Tag.NAME, name) + encode(Tag.KEY, bytes([kind_and_hash, digits]) + key) + rest,
    )


def calculate(name, challenge=b"", p2=1):
    return apdu(0xA2, 0, p2, encode(Tag.NAME, name) + encode(Tag.CHALLENGE, challenge))


def set_code(key, algorithm=0x21):
    proof = otp.digest(otp.SHA1, key, b"12345678")
    return apdu(
        0x03,
        data=encode(Tag.KEY, bytes([algorithm]) + key)
        + encode(Tag.CHALLENGE, b"12345678")
        + encode(Tag.RESPONSE, proof),
    )


def validate(key, challenge, own=b"abcdefgh"):
    return apdu(
        0xA3,
        data=encode(Tag.RESPONSE, otp.digest(otp.SHA1, key, challenge))
        + encode(Tag.CHALLENGE, own),
    )


def status(response):
    return response[-2:].hex()


def code(response):
    assert status(response) == "9000", status(response)
    value = Reader(response[:-2]).field(Tag.TRUNCATED)
    return otp.code(int.from_bytes(value[1:], "big"), value[0])


def challenge_of(response):
    reader = Reader(response[:-2])
    reader.field(Tag.VERSION), reader.field(Tag.NAME)
    return reader.field(Tag.CHALLENGE)


class Codes(unittest.TestCase):
    def test_rfc_4226_appendix_d(self):
        hotp = card("yubikey", Credential(b"h", HOTP, otp.SHA1, 6, RFC4226_KEY))
        self.assertEqual([code(hotp.transmit(calculate(b"h"))) for _ in range(10)], RFC4226_CODES)

    def test_rfc_6238_appendix_b(self):
        for time, *expected in RFC6238:
            for algorithm, want in zip((otp.SHA1, otp.SHA256, otp.SHA512), expected, strict=True):
                totp = card(
                    "yubikey", Credential(b"t", TOTP, algorithm, 8, RFC6238_KEYS[algorithm])
                )
                self.assertEqual(
                    code(totp.transmit(calculate(b"t", otp.counter_bytes(time // 30)))), want
                )

    def test_a_full_response_is_the_whole_hmac(self):
        whole = card("canokey", oath_card.SMART_OTP)
        answer = whole.transmit(
            calculate(b"smartotp:K01:12345678", bytes.fromhex("79a43e1f1a02c642"), p2=0)
        )
        self.assertEqual(answer[:3].hex(), "752106")
        self.assertEqual(
            answer[3:-2].hex(), "3217eb2b918b3d27a63450819e4f309c9fecad40d6bb1fba5dae5e5501b8eece"
        )

    def test_put_stores_what_calculate_uses(self):
        for name in PROFILES:
            made = card(name)
            self.assertEqual(
                status(made.transmit(put(b"n", kind_and_hash=0x22, digits=7))), "9000", name
            )
            self.assertEqual(made.transmit(LIST).hex(), "7202226e9000")
            self.assertEqual(len(code(made.transmit(calculate(b"n", b"\1" * 8)))), 7)


class TransactionCodes(unittest.TestCase):
    VECTORS = json.loads(VECTORS.read_text())

    def test_the_vectors_follow_from_the_definition(self):
        for vector in self.VECTORS:
            form = transaction.canonical(vector["transaction"])
            self.assertEqual(form.hex(), vector["canonical"])
            challenge = transaction.challenge(form, vector["challengeTime"])
            self.assertEqual(challenge.hex(), vector["challenge"])
            self.assertEqual(
                transaction.code(bytes.fromhex(vector["key"]), challenge), vector["code"]
            )

    def test_every_profile_calculates_the_vectors(self):
        for vector in self.VECTORS:
            for name in PROFILES:
                key = bytes.fromhex(vector["key"])
                smart = card(name, Credential(b"c", TOTP, otp.SHA256, 6, key))
                answer = smart.transmit(calculate(b"c", bytes.fromhex(vector["challenge"])))
                self.assertEqual(code(answer), vector["code"], name)


class Sessions(unittest.TestCase):
    def test_a_locked_card_opens_to_its_key_and_proves_that_it_knows_it(self):
        for name in PROFILES:
            locked = card(name, oath_card.SMART_OTP, access_key=ACCESS_KEY)
            challenge = challenge_of(locked.transmit(SELECT))
            self.assertEqual(status(locked.transmit(LIST)), f"{PROFILES[name].locked:04x}")
            answer = locked.transmit(validate(ACCESS_KEY, challenge))
            self.assertEqual(
                Reader(answer[:-2]).field(Tag.RESPONSE),
                otp.digest(otp.SHA1, ACCESS_KEY, b"abcdefgh"),
            )
            self.assertEqual(status(locked.transmit(LIST)), "9000")

    def test_a_wrong_key_stays_out(self):
        for name, want in (("yubikey", "6a80"), ("strict", "6984")):
            locked = card(name, access_key=ACCESS_KEY)
            challenge = challenge_of(locked.transmit(SELECT))
            self.assertEqual(status(locked.transmit(validate(bytes(16), challenge))), want)
            self.assertEqual(status(locked.transmit(LIST)), "6982")

    def test_validate_without_an_access_key(self):
        self.assertEqual(status(card().transmit(validate(ACCESS_KEY, b""))), "6984")

    def test_set_code_locks_the_session(self):
        for name in PROFILES:
            made = card(name)
            self.assertEqual(status(made.transmit(set_code(ACCESS_KEY))), "9000", name)
            self.assertEqual(status(made.transmit(LIST)), f"{PROFILES[name].locked:04x}")

    def test_set_code_without_the_type_is_refused_by_some(self):
        self.assertEqual(status(card("javacard").transmit(set_code(ACCESS_KEY, 0x01))), "6984")
        self.assertEqual(status(card("trussed").transmit(set_code(ACCESS_KEY, 0x01))), "6a80")
        self.assertEqual(status(card("canokey").transmit(set_code(ACCESS_KEY, 0x01))), "9000")

    def test_a_second_select_locks_again_on_some(self):
        for name, want in (("yubikey", "6982"), ("canokey", "9000")):
            made = card(name, access_key=ACCESS_KEY)
            made.transmit(validate(ACCESS_KEY, challenge_of(made.transmit(SELECT))))
            made.transmit(SELECT)
            self.assertEqual(status(made.transmit(LIST)), want)

    def test_power_off_locks_every_card_and_deselects(self):
        for name in PROFILES:
            made = card(name, access_key=ACCESS_KEY)
            made.transmit(validate(ACCESS_KEY, challenge_of(made.transmit(SELECT))))
            made.power_off()
            self.assertEqual(status(made.transmit(LIST)), "6d00")
            made.transmit(SELECT)
            self.assertEqual(status(made.transmit(LIST)), f"{PROFILES[name].locked:04x}")

    def test_reset_erases_a_locked_card_or_does_not_exist(self):
        erased = card("yubikey", oath_card.SMART_OTP, access_key=ACCESS_KEY)
        self.assertEqual(status(erased.transmit(apdu(0x04, 0xDE, 0xAD))), "9000")
        self.assertEqual(erased.transmit(LIST).hex(), "9000")
        self.assertEqual(status(card("canokey").transmit(apdu(0x04, 0xDE, 0xAD))), "6d00")

    def test_another_application_is_not_here(self):
        self.assertEqual(
            status(card().transmit(apdu(0xA4, 4, 0, bytes.fromhex("A000000527471117")))), "6a82"
        )


class Differences(unittest.TestCase):
    def test_challenge_limits(self):
        totp = Credential(b"t", TOTP, otp.SHA1, 6, RFC4226_KEY)
        for name, ins, size, want in (
            ("canokey", 0xA2, 8, "9000"),
            ("canokey", 0xA2, 9, "6a80"),
            ("javacard", 0xA2, 64, "9000"),
            ("javacard", 0xA4, 32, "9000"),
            ("javacard", 0xA4, 33, "6a80"),
        ):
            challenge = encode(Tag.CHALLENGE, b"\1" * size)
            data = encode(Tag.NAME, b"t") + challenge if ins == 0xA2 else challenge
            self.assertEqual(status(card(name, totp).transmit(apdu(ins, 0, 1, data))), want)

    def test_hotp_counts_first_on_some(self):
        for name, want in (("yubikey", "755224"), ("canokey", "287082"), ("strict", "287082")):
            made = card(name, Credential(b"h", HOTP, otp.SHA1, 6, RFC4226_KEY))
            self.assertEqual(code(made.transmit(calculate(b"h"))), want)

    def test_a_16_bit_counter_wraps(self):
        wrapped = card("javacard", Credential(b"h", HOTP, otp.SHA1, 6, RFC4226_KEY, uses=65535))
        wrapped.transmit(calculate(b"h"))
        self.assertEqual(code(wrapped.transmit(calculate(b"h"))), "755224")

    def test_the_initial_moving_factor_counts(self):
        made = card()
        made.transmit(put(b"h", kind_and_hash=0x11, rest=b"\x78\x00\x7a\x04\0\0\0\x02"))
        self.assertEqual(code(made.transmit(calculate(b"h"))), "359152")

    def test_put_over_an_existing_name(self):
        for name, want in (("yubikey", "9000"), ("canokey", "6985")):
            made = card(name)
            made.transmit(put(b"n"))
            self.assertEqual(status(made.transmit(put(b"n"))), want)

    def test_one_reads_past_a_put_without_the_property_tag(self):
        longer = put(b"longer", rest=b"")
        left = bytearray(longer[5:-1])
        position = len(put(b"short", rest=b"")[5:-1])
        left[position:] = b"\x78"
        made = card("javacard")
        made.transmit(apdu(0xA2, data=bytes(left) + b"\x01"))
        made.transmit(put(b"short", rest=b""))
        self.assertEqual(made.credentials[0].properties, 1)

    def test_sha_512_is_missing_on_some(self):
        for name, want in (("yubikey", "9000"), ("javacard", "6a80"), ("trussed", "6d00")):
            self.assertEqual(status(card(name).transmit(put(b"n", kind_and_hash=0x23))), want)

    def test_rename_is_missing_on_some(self):
        rename = apdu(0x05, data=encode(Tag.NAME, b"n") + encode(Tag.NAME, b"m"))
        for name, want in (("yubikey", "9000"), ("javacard", "6d00")):
            made = card(name)
            made.transmit(put(b"n"))
            self.assertEqual(status(made.transmit(rename)), want)

    def test_a_missing_credential(self):
        for name in PROFILES:
            self.assertEqual(status(card(name).transmit(calculate(b"none", b"\1" * 8))), "6984")

    def test_only_increasing_refuses_a_smaller_challenge_also_in_calculate_all(self):
        made = card("yubikey", Credential(b"t", TOTP, otp.SHA1, 6, RFC4226_KEY, properties=1))
        self.assertEqual(status(made.transmit(calculate(b"t", b"\2" * 8))), "9000")
        self.assertEqual(status(made.transmit(calculate(b"t", b"\1" * 8))), "6982")
        self.assertEqual(
            status(made.transmit(apdu(0xA4, 0, 1, encode(Tag.CHALLENGE, b"\1" * 8)))), "6982"
        )

    def test_calculate_all_marks_hotp_and_touch(self):
        made = card(
            "yubikey",
            Credential(b"h", HOTP, otp.SHA1, 6, RFC4226_KEY),
            Credential(b"p", TOTP, otp.SHA1, 8, RFC4226_KEY, properties=2),
        )
        answer = made.transmit(apdu(0xA4, 0, 1, encode(Tag.CHALLENGE, b"\1" * 8)))
        self.assertEqual(answer.hex(), "7101687701067101707c01089000")


class Chains(unittest.TestCase):
    SEEDS = [
        Credential(b"a credential with a long name %02d" % n, TOTP, otp.SHA1, 6, RFC4226_KEY)
        for n in range(8)
    ]
    WHOLE = b"".join(encode(Tag.NAME_LIST, bytes([c.type_byte]) + c.name) for c in SEEDS)

    def drain(self, made):
        answer = made.transmit(LIST)
        whole, counts = answer[:-2], []
        while answer[-2] == 0x61:
            counts.append(answer[-1])
            answer = made.transmit(SEND_REMAINING)
            whole += answer[:-2]
        return whole, counts

    def test_every_profile_delivers_the_whole_list(self):
        for name in PROFILES:
            whole, counts = self.drain(card(name, *self.SEEDS))
            self.assertEqual(whole, self.WHOLE, name)
            left = len(self.WHOLE) - 256
            self.assertEqual(counts, [left if PROFILES[name].exact_count else 0xFF], name)

    def test_an_undrained_chain_spoils_the_next_answer_on_one(self):
        for name, spoiled in (
            ("yubikey", False),
            ("canokey", False),
            ("javacard", True),
            ("strict", True),
        ):
            made = card(name, *self.SEEDS)
            made.transmit(LIST)
            answer = made.transmit(calculate(self.SEEDS[0].name, b"\1" * 8))
            self.assertEqual(status(answer), "9000")
            self.assertEqual(answer[0] != Tag.TRUNCATED, spoiled, name)

    def test_select_clears_a_chain(self):
        made = card("javacard", *self.SEEDS)
        made.transmit(LIST)
        made.transmit(SELECT)
        self.assertEqual(self.drain(made)[0], self.WHOLE)

    def test_nothing_remains(self):
        self.assertEqual(card("canokey").transmit(SEND_REMAINING).hex(), "6985")
        self.assertEqual(card("javacard").transmit(SEND_REMAINING).hex(), "9000")


class HostileCommands(unittest.TestCase):
    def test_every_truncation_of_a_command_is_answered_with_a_status_word(self):
        for whole in (
            put(b"n"),
            calculate(b"n", b"\1" * 8),
            set_code(ACCESS_KEY),
            validate(ACCESS_KEY, b"12345678"),
        ):
            for name in PROFILES:
                for size in range(len(whole)):
                    self.assertGreaterEqual(len(card(name).transmit(whole[:size])), 2)

    def test_every_truncation_of_the_data_is_answered_with_a_status_word(self):
        for whole in (put(b"n"), calculate(b"n", b"\1" * 8), set_code(ACCESS_KEY)):
            data = whole[5:-1]
            for size in range(1, len(data)):
                answer = card("canokey").transmit(apdu(whole[1], data=data[:size]))
                self.assertNotEqual(status(answer), "6f00")

    def test_an_extended_command_is_understood(self):
        command = parse_command(bytes.fromhex("00a40400000007") + AID + bytes(2))
        self.assertEqual((command.data, command.expected), (AID, 65536))

    def test_a_length_that_does_not_fit_is_refused(self):
        with self.assertRaises(CardRefusal):
            parse_command(bytes.fromhex("00a4040008") + AID)


class CommandLine(unittest.TestCase):
    def test_a_credential_option(self):
        made = oath_card.credential("a=b:c=3132:hotp:sha512:8")
        self.assertEqual(
            (made.name, made.key, made.kind, made.algorithm, made.digits),
            (b"a=b:c", b"12", HOTP, otp.SHA512, 8),
        )


if __name__ == "__main__":
    unittest.main()
