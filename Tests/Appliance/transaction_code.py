"""The code that a transaction of the centre must have, by the Python card's own arithmetic."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Peers"))

from oathcard import transaction as definition  # noqa: E402


def code(key: bytes, transaction: dict) -> str:
    """Of a transaction as the centre's API gives it; it must have been claimed."""
    card = transaction["card"]
    form = definition.canonical(
        transaction
        | {
            "transactionId": transaction["id"],
            "institutionCode": transaction["institution"],
            "vendorCode": card["vendorCode"],
            "serial": card["serial"],
        }
    )
    return definition.code(key, definition.challenge(form, transaction["challengeTime"]))
