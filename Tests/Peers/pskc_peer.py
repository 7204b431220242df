#!/usr/bin/env python3
"""python-pskc as the other side of key containers (RFC 6030), in the environment that
environment.sh makes.

  pskc_peer.py read FILE [--key HEX | --passphrase TEXT]    a line of JSON for each key
  pskc_peer.py write FILE [--key HEX | --passphrase TEXT] [--cipher NAME] [--mac NAME] [--numbers]
                                                 three keys; --numbers encrypts their numbers too
"""

import argparse
import json

from pskc import PSKC

KEYS = [
    {
        "id": "H1",
        "serial": "S-H1",
        "manufacturer": "Acme",
        "algorithm": "urn:ietf:params:xml:ns:keyprov:pskc:hotp",
        "secret": b"12345678901234567890",
        "response_length": 8,
        "response_encoding": "DECIMAL",
        "counter": 4711,
    },
    {
        "id": "T1",
        "serial": "S-T1",
        "algorithm": "urn:ietf:params:xml:ns:keyprov:pskc:totp",
        "algorithm_suite": "HMAC-SHA512",
        "secret": bytes(range(64)),
        "response_length": 6,
        "response_encoding": "DECIMAL",
        "time_offset": 0,
        "time_interval": 60,
    },
    {
        "id": "O1",
        "serial": "S-O1",
        "algorithm": "urn:ietf:params:xml:ns:keyprov:pskc:ocra",
        "algorithm_suite": "OCRA-1:HOTP-SHA256-8:C-QN08",
        "secret": bytes(range(32)),
        "counter": 1000000,
    },
]
FIELDS = [
    "id",
    "serial",
    "manufacturer",
    "algorithm",
    "algorithm_suite",
    "response_length",
    "counter",
    "time_offset",
    "time_interval",
    "time_drift",
]


def read(arguments: argparse.Namespace) -> None:
    container = PSKC(arguments.file)
    if arguments.key:
        container.encryption.key = arguments.key
    if arguments.passphrase:
        container.encryption.derive_key(arguments.passphrase)
    for key in container.keys:
        line = {field: getattr(key, field) for field in FIELDS}
        line["secret"] = key.secret.hex()
        line["usage"] = key.policy.key_usage
        print(json.dumps({name: value for name, value in line.items() if value is not None}))


def write(arguments: argparse.Namespace) -> None:
    container = PSKC()
    for key in KEYS:
        container.add_key(**key)
    if arguments.key:
        container.encryption.setup_preshared_key(
            key=arguments.key, algorithm=arguments.cipher, key_name="shared"
        )
    if arguments.passphrase:
        container.encryption.setup_pbkdf2(
            arguments.passphrase, iterations=1000, algorithm=arguments.cipher
        )
    if arguments.mac:
        container.mac.setup(algorithm=arguments.mac)
    if arguments.numbers:
        container.encryption.fields = ["secret", "counter", "time_offset", "time_interval"]
    container.write(arguments.file)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=["read", "write"])
    parser.add_argument("file")
    parser.add_argument("--key", type=bytes.fromhex)
    parser.add_argument("--passphrase")
    parser.add_argument("--cipher", default="aes128-cbc")
    parser.add_argument("--mac")
    parser.add_argument("--numbers", action="store_true")
    arguments = parser.parse_args()
    {"read": read, "write": write}[arguments.action](arguments)


if __name__ == "__main__":
    main()
