"""HOTP (RFC 4226) and TOTP (RFC 6238) arithmetic."""

import hashlib
import hmac

SHA1, SHA256, SHA512 = 1, 2, 3
HASHES = {SHA1: hashlib.sha1, SHA256: hashlib.sha256, SHA512: hashlib.sha512}


def digest(algorithm: int, key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, HASHES[algorithm]).digest()


def truncate(mac: bytes) -> int:
    """Dynamic truncation, RFC 4226 clause 5.3: 31 bits."""
    offset = mac[-1] & 0x0F
    return int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF


def code(truncated: int, digits: int) -> str:
    return f"{truncated % 10**digits:0{digits}d}"


def counter_bytes(counter: int) -> bytes:
    return counter.to_bytes(8, "big")
