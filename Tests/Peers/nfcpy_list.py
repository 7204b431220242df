#!/usr/bin/env python3
"""What nfcpy sees of the card on a given serial device: `uid <hex>` and `ats <hex>`.
Runs in the environment that environment.sh makes."""

import sys

import nfc.clf
import nfc.tag

from nfcpy_tap import open_reader

RATS = 0xE0


class Listener:
    """Passes exchanges on and keeps the answer to RATS, which nfcpy does not hand out."""

    def __init__(self, frontend):
        self.frontend, self.ats = frontend, b""

    def __getattr__(self, name):
        return getattr(self.frontend, name)

    def exchange(self, data, timeout):
        answer = self.frontend.exchange(data, timeout)
        if data[0] == RATS:
            self.ats = bytes(answer)
        return answer


def main() -> int:
    frontend = open_reader(sys.argv[1], 115200)
    try:
        target = frontend.sense(nfc.clf.RemoteTarget("106A"))
        if target is None:
            print("no card")
            return 1
        listener = Listener(frontend)
        tag = nfc.tag.activate(listener, target)
        print("uid", bytes(tag.identifier).hex())
        print("ats", listener.ats.hex())
    finally:
        frontend.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
