#!/usr/bin/env python3
"""The tap of careful_tap.c, done with nfcpy on a given serial device; the same output.
Runs in the environment that environment.sh makes.

nfcpy names ports by pattern (ttyUSB0 ...), which no pseudo-terminal fits, so its serial
transport and its PN532 driver are put together here as its own connect() would."""

import argparse
import os
import resource
import sys
import time
import types

import nfc
import nfc.clf.pn532
import nfc.clf.transport
import nfc.tag

EXIT_NO_READER, EXIT_REFUSED = 69, 75
AID = bytes.fromhex("A0000005272101")


class Refusal(Exception):
    def __init__(self, step: str, number: int, text: str):
        super().__init__(step, number, text)
        self.step, self.number, self.text = step, number, text


def open_reader(path: str, fastest: int) -> nfc.ContactlessFrontend:
    limit_baud(fastest)
    frontend = nfc.ContactlessFrontend()
    frontend.device = nfc.clf.pn532.init(nfc.clf.transport.TTY(path))
    return frontend


def limit_baud(fastest: int) -> None:
    """nfcpy asks `stty` for 921600, 460800, 230400 in turn and takes what it grants."""

    def system(command: str) -> int:
        baud = int(command.split()[3])
        return 1 if baud > fastest else os.system(command)

    nfc.clf.pn532.os = types.SimpleNamespace(system=system, strerror=os.strerror)


def exchange(tag, step: str, ins: int, p1: int, p2: int, data: bytes) -> bytes:
    try:
        return bytes(tag.send_apdu(0, ins, p1, p2, data, mrl=256))
    except nfc.tag.TagCommandError as error:
        raise Refusal(step, error.errno, str(error)) from error


def calculate(tag, name: bytes, challenge: bytes) -> str:
    data = bytes([0x71, len(name)]) + name + bytes([0x74, len(challenge)]) + challenge
    answer = exchange(tag, "calculate", 0xA2, 0, 1, data)
    if len(answer) != 7 or answer[:2] != b"\x76\x05" or not 6 <= answer[2] <= 8:
        raise Refusal("calculate", len(answer), "not a truncated response")
    value = int.from_bytes(answer[3:], "big") & 0x7FFF_FFFF
    return f"{value % 10 ** answer[2]:0{answer[2]}d}"


def tap(frontend, name: bytes, challenge: bytes) -> str:
    target = frontend.sense(nfc.clf.RemoteTarget("106A"))
    if target is None:
        raise Refusal("select-card", 0, "no card")
    tag = nfc.tag.activate(frontend, target)
    if tag is None or tag.type != "Type4Tag":
        raise Refusal("select-card", 0, "not an ISO 14443-4 card")
    exchange(tag, "select-application", 0xA4, 4, 0, AID)
    return calculate(tag, name, challenge)


def run_taps(frontend, options) -> bool:
    whole = True
    for index in range(options.taps):
        start = time.monotonic_ns()
        try:
            code = tap(frontend, options.name.encode(), options.challenge)
            took = (time.monotonic_ns() - start) // 1000
            print(f"tap {index} code {code} us {took}", flush=True)
        except Refusal as refusal:
            print(f"tap {index} refused {refusal.step} {refusal.number} {refusal.text}", flush=True)
            whole = False
        except (OSError, nfc.clf.CommunicationError) as error:
            print(
                f"tap {index} refused reader {getattr(error, 'errno', 0) or 0} {error!r}",
                flush=True,
            )
            whole = False
    return whole


def print_usage() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    user, system = int(used.ru_utime * 1e6), int(used.ru_stime * 1e6)
    print(f"usage user_us {user} system_us {system} max_rss_kb {used.ru_maxrss}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", help="serial device")
    parser.add_argument("name", help="of the credential")
    parser.add_argument("challenge", type=bytes.fromhex)
    parser.add_argument("taps", type=int, nargs="?", default=1)
    parser.add_argument("--baud", type=int, default=921600, help="fastest line speed to ask for")
    options = parser.parse_args()
    start = time.monotonic_ns()
    try:
        frontend = open_reader(options.path, options.baud)
    except OSError as error:
        print(f"nfcpy_tap: no reader at {options.path}: {error}", file=sys.stderr)
        return EXIT_NO_READER
    print(f"open us {(time.monotonic_ns() - start) // 1000}", flush=True)
    whole = run_taps(frontend, options)
    frontend.close()
    print_usage()
    return 0 if whole else EXIT_REFUSED


if __name__ == "__main__":
    sys.exit(main())
