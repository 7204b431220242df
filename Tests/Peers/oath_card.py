#!/usr/bin/env python3
"""Puts an OATH card into a vpcd reader (pcscd with vsmartcard's driver, or anything
that listens as it does)."""

import argparse
import sys

from oathcard import otp, vpcd
from oathcard.apdu import CardRefusal
from oathcard.application import OATHApplication
from oathcard.credential import HOTP, TOTP, Credential
from oathcard.profile import PROFILES

SMART_OTP = Credential(
    b"smartotp:K01:12345678", TOTP, otp.SHA256, 6, b"01234567890123456789012345678901"
)
KINDS = {"totp": TOTP, "hotp": HOTP}
ALGORITHMS = {"sha1": otp.SHA1, "sha256": otp.SHA256, "sha512": otp.SHA512}


def credential(text: str) -> Credential:
    """NAME=HEXKEY[:totp|hotp][:sha1|sha256|sha512][:digits]"""
    name, separator, rest = text.rpartition("=")
    key, *options = rest.split(":")
    try:
        made = Credential(name.encode(), TOTP, otp.SHA1, 6, bytes.fromhex(key))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: the key is not hexadecimal") from error
    if not separator or not name or not made.key:
        raise argparse.ArgumentTypeError(f"{text!r}: expected NAME=HEXKEY")
    for option in options:
        _set_option(made, option)
    return made


def _set_option(made: Credential, option: str) -> None:
    if option in KINDS:
        made.kind = KINDS[option]
    elif option in ALGORITHMS:
        made.algorithm = ALGORITHMS[option]
    elif option in ("6", "7", "8"):
        made.digits = int(option)
    else:
        raise argparse.ArgumentTypeError(f"unknown credential option {option!r}")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=vpcd.DEFAULT_PORT)
    made.add_argument(
        "--wait", type=float, default=10, metavar="SECONDS", help="for vpcd to listen"
    )
    made.add_argument("--profile", choices=PROFILES, default="yubikey")
    made.add_argument(
        "--credential",
        type=credential,
        action="append",
        default=[],
        metavar="SPEC",
        help=credential.__doc__,
    )
    made.add_argument(
        "--smart-otp", action="store_true", help="the credential of the protocol's test vector"
    )
    made.add_argument(
        "--access-key", type=bytes.fromhex, metavar="HEX", help="lock the card with this key"
    )
    made.add_argument(
        "--trace", action="store_true", help="APDUs to standard error (no secrets are masked)"
    )
    return made


def make_card(options: argparse.Namespace) -> OATHApplication:
    card = OATHApplication(PROFILES[options.profile])
    for seed in options.credential + ([SMART_OTP] if options.smart_otp else []):
        card.add(seed)
    card.access_key = options.access_key
    return card


def _trace(command: bytes, answer: bytes | None) -> None:
    print(f"> {command.hex()}\n< {(answer or b'').hex()}", file=sys.stderr, flush=True)


def main() -> int:
    options = parser().parse_args()
    try:
        card = make_card(options)
    except CardRefusal as refusal:
        print(
            f"oath_card: the {options.profile} card refuses a credential: {refusal}",
            file=sys.stderr,
        )
        return 65
    try:
        link = vpcd.connect(options.host, options.port, options.wait)
    except OSError as error:
        print(f"oath_card: no vpcd at {options.host}:{options.port}: {error}", file=sys.stderr)
        return 69
    with link:
        vpcd.serve(link, card, _trace if options.trace else None)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
