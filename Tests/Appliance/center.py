"""A centre of its own, and the institutions that use it."""

import http.client
import json
import pathlib
import signal
import socket
import ssl
import subprocess
import threading
import time
import uuid

import children


class Refused(Exception):
    """The centre's problem document."""

    def __init__(self, problem: dict):
        super().__init__(f"{problem.get('code')}: {problem.get('detail')}")
        self.code = problem.get("code")


class Unreachable(Exception):
    pass


class Center:
    """smartotp-center in a folder; may be stopped, killed and started again on its port."""

    def __init__(self, programs: pathlib.Path, folder: pathlib.Path, port: int | None = None):
        """port: of a centre that is in the folder already; nil makes a new one."""
        self.programs, self.folder = programs, folder
        self.data = folder / "center"
        self.port = port or _free_port()
        self.process: subprocess.Popen | None = None
        self.starts = 0
        self.institutions = {
            vendor: Institution(self, code, folder / code)
            for code, vendor in (("004", "K01"), ("088", "K02"))
        }
        if port is None:
            self._found()

    def _found(self) -> None:
        self._command("init", "--host", "localhost")
        for vendor, bank in self.institutions.items():
            self._command("institution", "add", bank.code, f"Bank {bank.code}", "--vendor", vendor)
            self._command(
                "ca", "issue", "--role", "institution", "--name", bank.code, "--out", bank.identity
            )

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def authority(self) -> pathlib.Path:
        return self.data / "ca.pem"

    def start(self) -> None:
        self.starts += 1
        arguments = ["serve", "--data", self.data, "--port", self.port, "--json"]
        with open(self.folder / "center.log", "ab") as log:
            self.process = children.start(
                [self.programs / "smartotp-center", *arguments]
                + ["--enrolments-per-minute", "10000", "--log-level", "warning"],
                ledger=self.folder / "processes",
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the centre does not run: " + self.log_end())
            time.sleep(0.05)

    def stop(self, by: int = signal.SIGTERM) -> None:
        if self.process is None:
            return
        self.process.send_signal(by)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def log_end(self) -> str:
        path = self.folder / "center.log"
        return path.read_text()[-2000:] if path.exists() else ""

    def check(self) -> list[str]:
        """What `verify` and `audit verify` find wrong."""
        wrong = []
        for command in (["verify"], ["audit", "verify"]):
            result = self._run(*command)
            if result.returncode != 0:
                said = (result.stderr + result.stdout).strip()
                wrong.append(f"smartotp-center {' '.join(command)}: {said}")
        return wrong

    def audit(self) -> list[dict]:
        result = self._run("audit", "list", "--json")
        return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]

    def _command(self, *arguments) -> str:
        result = self._run(*arguments)
        if result.returncode != 0:
            raise RuntimeError(f"smartotp-center {arguments}: {result.stderr}{result.stdout}")
        return result.stdout

    def _run(self, *arguments) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(self.programs / "smartotp-center"), *map(str, arguments), "--data", self.data],
            capture_output=True,
            text=True,
            timeout=600,
        )

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False


class Institution:
    """A bank's channel: posts transactions and hands in codes, over HTTPS with its certificate."""

    def __init__(self, center: Center, code: str, identity: pathlib.Path):
        self.center, self.code, self.identity = center, code, identity
        self._local = threading.local()

    def post(self, card: dict, fields: list[tuple[str, str]], lifetime: int = 300) -> dict:
        body = {
            "card": card,
            "kind": "transfer",
            "fields": [{"label": label, "value": value} for label, value in fields],
            "lifetimeSeconds": lifetime,
        }
        return self._ask("POST", "/v1/transactions", body)

    def transaction(self, name: str) -> dict:
        return self._ask("GET", f"/v1/transactions/{name}")

    def verify(self, name: str, code: str) -> dict:
        return self._ask("POST", f"/v1/transactions/{name}/verification", {"code": code})

    def cancel(self, name: str) -> dict:
        return self._ask("POST", f"/v1/transactions/{name}/cancellation", None)

    def _ask(self, method: str, path: str, body: dict | None = None) -> dict:
        """Repeats under one idempotency key while the centre is away, for half a minute."""
        headers = {"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = "application/json"
        end = time.monotonic() + 30
        while True:
            try:
                status, answer = self._once(method, path, data, headers)
            except (OSError, http.client.HTTPException) as error:
                self._local.connection = None
                if time.monotonic() > end:
                    raise Unreachable(str(error)) from error
                time.sleep(0.2)
                continue
            if status < 300:
                return answer
            if status in (429, 503) and time.monotonic() < end:
                time.sleep(0.5)
                continue
            raise Refused(answer)

    def _once(self, method, path, data, headers):
        connection = getattr(self._local, "connection", None)
        if connection is None:
            context = ssl.create_default_context(cafile=str(self.center.authority))
            context.load_cert_chain(f"{self.identity}.pem", f"{self.identity}.key")
            connection = http.client.HTTPSConnection(
                "localhost", self.center.port, context=context, timeout=20
            )
            self._local.connection = connection
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
