"""The transaction code, from its written definition: canonical form, challenge, code.
A second opinion on the test vectors, which the Swift code is tested against."""

import hashlib
import unicodedata

from . import otp


def canonical(transaction: dict) -> bytes:
    """Takes a transaction as the vector file writes it; the nonce is hexadecimal."""
    keys = ("transactionId", "institutionCode", "vendorCode", "serial", "kind")
    fields = transaction["fields"]
    return b"".join(
        [b"\x01"]
        + [_text(transaction[key]) for key in keys]
        + [len(fields).to_bytes(2, "big")]
        + [_text(field["label"]) + _text(field["value"]) for field in fields]
        + [transaction["createdAt"].to_bytes(8, "big"), _lp(bytes.fromhex(transaction["nonce"]))]
    )


def challenge(form: bytes, time: int) -> bytes:
    digest = hashlib.sha256(form + time.to_bytes(8, "big")).digest()
    return bytes(byte or 1 for byte in digest[:8])


def code(key: bytes, challenged: bytes) -> str:
    return otp.code(otp.truncate(otp.digest(otp.SHA256, key, challenged)), 6)


def _text(text: str) -> bytes:
    return _lp(unicodedata.normalize("NFC", text).encode())


def _lp(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value
