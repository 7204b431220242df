#!/usr/bin/env python3
"""The appliance on simulated USB readers: unplugged and back in every state, cards of two issuers.

    Tests/Appliance/usb.py [--reader acr122u] [--reader pn533]

Needs .build/debug and Tests/Bench/.build/debug (usb-bench).
"""

import argparse
import http.client
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = ROOT / ".build/debug"
USB_BENCH = ROOT / "Tests/Bench/.build/debug/usb-bench"
CARDS = (("004", "K01:12345678"), ("088", "K02:87654321"))


class Reader:
    """usb-bench serve: a reader on a simulated bus, and a hand that lays cards on it."""

    def __init__(self, model: str):
        self.child = subprocess.Popen(
            [USB_BENCH, "serve", "--reader", model, "--blank", "2"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = json.loads(self.child.stdout.readline())
        self.connstring, self.environment = first["connstring"], first["environment"]

    def ask(self, command: str) -> str:
        self.child.stdin.write(command + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline().strip()
        if not answer.startswith("ok"):
            raise ValueError(f"{command}: {answer}")
        return answer


class Local(http.client.HTTPConnection):
    """HTTP over the branch's Unix socket."""

    def __init__(self, path: pathlib.Path):
        super().__init__("appliance", timeout=10)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class Scene:
    def __init__(self, model: str, folder: pathlib.Path):
        self.folder, self.reader = folder, Reader(model)
        self.environment = {**os.environ, **self.reader.environment}
        self.environment["PATH"] = f"{PROGRAMS}:{self.environment['PATH']}"
        self.children: list[subprocess.Popen] = [self.reader.child]
        self.log = (folder / "log").open("w")
        self._center()
        for number, (code, card) in enumerate(CARDS, 1):
            self._card(number, code, card)
        (folder / "smartotpd.yaml").write_text(
            f"state: {folder}/device\nreader: auto\n"
            f"branch: {{socket: {folder}/branch.sock, show-code: true}}\n"
        )
        self.appliance = self._start("smartotpd", "--config", folder / "smartotpd.yaml")
        self.until("idle")

    def run(self, *words, **variables) -> dict:
        done = subprocess.run(
            list(map(str, words)),
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(map(str, words))}: {done.stderr}")
        last = done.stdout.strip().splitlines()[-1:] or [""]
        return json.loads(last[0]) if last[0].startswith("{") else {}

    def bank(self, code: str, *words) -> dict:
        return self.run("smartotp", *words, SMARTOTP_IDENTITY=str(self.folder / code))

    def _start(self, *words) -> subprocess.Popen:
        child = subprocess.Popen(
            list(map(str, words)), env=self.environment, stdout=self.log, stderr=self.log
        )
        self.children.append(child)
        return child

    def _center(self):
        data = self.folder / "center"
        self.run("smartotp-center", "init", "--data", data, "--host", "localhost")
        for code, card in CARDS:
            self.run("smartotp-center", "institution", "add", "--data", data, code, f"Bank {code}",
                     "--vendor", card[:3])  # fmt: skip
            self.run("smartotp-center", "ca", "issue", "--data", data, "--role", "institution",
                     "--name", code, "--out", self.folder / code)  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._start("smartotp-center", "serve", "--data", data, "--port", port)
        wait(lambda: f"port {port}" in (self.folder / "log").read_text(), "the centre")
        self.environment |= {
            "SMARTOTP_CENTER": f"https://localhost:{port}",
            "SMARTOTP_CENTER_CA": f"{data}/ca.pem",
            "SMARTOTP_READER": self.reader.connstring,
        }

    def _card(self, number: int, code: str, card: str):
        self.reader.ask(f"tap {number}")
        self.bank(code, "issue", "--serial", card[4:], "--customer-name", "Hong Gildong",
                  "--customer-kind", "personal", "--document-kind", "passport",
                  "--document-number", "M12345678", "--contact", "010")  # fmt: skip
        device = {"SMARTOTP_IDENTITY": str(self.folder / "device")}
        if number == 1:
            once = self.bank(code, "registration-code", "--json")["code"]
            self.run("smartotp", "device", "register", "--name", "usb", "--code", once, **device)
        once = self.bank(code, "registration-code", card, "--json")["code"]
        self.run("smartotp", "device", "add-card", card, "--code", once, **device)
        self.reader.ask("remove")

    def ask(self, path: str, method: str = "GET") -> dict:
        connection = Local(self.folder / "branch.sock")
        try:
            connection.request(method, path)
            body = connection.getresponse().read()
            return json.loads(body) if body else {}
        finally:
            connection.close()

    def status(self) -> dict:
        try:
            return self.ask("/v1/status")
        except OSError:
            return {"phase": "starting", "reader": {"cardIsThere": False}}

    def failures(self) -> int:
        return self.status()["counters"]["codesFailed"] + self.status()["counters"]["readerLosses"]

    def until(self, phase: str):
        wait(lambda: self.status()["phase"] == phase, phase)

    def lift(self):
        self.reader.ask("remove")
        wait(lambda: not self.status()["reader"]["cardIsThere"], "a reader that is clear")
        # Nobody taps again faster than that; and a reader that just came back has yet to look.
        time.sleep(0.6)

    def replug(self):
        self.reader.ask("unplug")
        wait(lambda: not self.status()["reader"]["isThere"], "a reader that is gone")
        self.reader.ask("plug")
        wait(lambda: self.status()["reader"]["isThere"], "a reader that is back")

    def transaction(self, number: int, unplugged: str):
        """One transaction, with the reader unplugged and back in the state of that name."""
        code, card = CARDS[number - 1]
        if unplugged == "idle":
            self.replug()
        posted = self.bank(code, "transaction", "post", card, "--field", "payee=Kim", "--json")
        self.until("awaiting-card")
        if unplugged == "awaiting-card":
            self.replug()
            self.until("awaiting-card")
        wait(lambda: not self.status()["reader"]["cardIsThere"], "a reader that is clear")
        time.sleep(0.5)
        self.reader.ask(f"tap {number}")
        self.until("presenting")
        if unplugged == "presenting":
            self.replug()
            self.until("presenting")
        self.lift()
        if unplugged == "generating":
            # In the middle of the card's work, for half a second; the card lies there afterwards.
            failures = self.failures()
            self.reader.ask("fault usb,transfer=6,vanish=during,back=500")
        self.reader.ask(f"tap {number}")
        if unplugged == "generating":
            wait(lambda: self.failures() > failures or self.status()["phase"] == "showing",
                 "the end of the disturbed tap")  # fmt: skip
            if self.status()["phase"] != "showing":
                wait(lambda: self.status()["reader"]["isThere"], "a reader that is back")
                self.until("presenting")
                self.lift()
                self.reader.ask(f"tap {number}")
        self.until("showing")
        shown = self.ask("/v1/session")
        if unplugged == "showing":
            self.replug()
            assert self.ask("/v1/session").get("code") == shown["code"], "the code is gone"
        self.bank(code, "transaction", "verify", posted["id"], shown["code"])
        self.ask("/v1/session/cancel", "POST")
        self.until("idle")
        assert "code" not in self.ask("/v1/session")
        self.lift()

    def end(self):
        self.appliance.terminate()
        status = self.appliance.wait(5)
        for child in reversed(self.children):
            if child.stdin:
                child.stdin.close()
            child.terminate()
            child.wait(10)
        if status:
            raise RuntimeError(f"smartotpd ended with {status}")


def wait(is_met, what: str, seconds: float = 30):
    end = time.monotonic() + seconds
    while not is_met():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come")
        time.sleep(0.03)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reader", action="append", choices=["acr122u", "pn533"])
    for model in parser.parse_args().reader or ["acr122u", "pn533"]:
        with tempfile.TemporaryDirectory(prefix="smartotp-usb-") as folder:
            scene = Scene(model, pathlib.Path(folder))
            try:
                for state in ["never", "idle", "awaiting-card", "presenting", "generating", "showing"]:
                    for number in (1, 2):
                        scene.transaction(number, state)
                    print(f"{model}: unplugged while {state}: both cards' codes accepted", flush=True)
                scene.end()
            except BaseException:
                print((pathlib.Path(folder) / "log").read_text()[-9000:])
                print(scene.status())
                for child in scene.children:
                    child.kill()
                raise


if __name__ == "__main__":
    main()
