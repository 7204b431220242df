"""Sets a centre and appliances up from nothing, by the commands that people type."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

import children
from appliance import Appliance
from center import Center
from simulated_reader import Card, SimulatedReader, keys_on_the_line

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


@contextlib.contextmanager
def stage(
    programs: pathlib.Path,
    count: int,
    times: dict,
    hostile: bool = False,
    paced: bool = False,
    keep: pathlib.Path | None = None,
):
    """Yields the running centre and `count` running appliances with two cards each.

    keep: a folder for state and logs, kept. What an earlier run left there goes on.
    """
    with tempfile.TemporaryDirectory(prefix="smartotp-stage-") as temporary:
        folder = keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        children.end_leftovers(folder / "processes")
        record = folder / "stage.json"
        earlier = json.loads(record.read_text()) if record.exists() else None
        center = Center(programs, folder, earlier["port"] if earlier else None)
        appliances: list[Appliance] = []
        try:
            center.start()
            for number in range(1, count + 1):
                home = folder / f"appliance-{number}"
                home.mkdir(exist_ok=earlier is not None)
                reader = SimulatedReader(programs, home, hostile, paced)
                appliances.append(Appliance(programs, home, reader, times))
            if earlier:
                _resume(appliances, earlier["cards"])
            else:
                with ThreadPoolExecutor(3) as pool:
                    list(pool.map(lambda pair: _furnish(center, *pair), enumerate(appliances, 1)))
                record.write_text(json.dumps({"port": center.port, "cards": _kept(appliances)}))
            yield center, appliances
        finally:
            for appliance in appliances:
                if appliance.process and appliance.process.poll() is None:
                    appliance.stop()
                if hasattr(appliance, "events"):
                    appliance.events.end()
                appliance.reader.kill()
            center.stop()


def _kept(appliances: list[Appliance]) -> list[list[dict]]:
    """The cards, for a run that goes on later: the simulated ones are gone with their reader."""
    return [
        [
            {"number": card.number, "vendor": card.vendor, "serial": card.serial,
             "key": card.key.hex(), "access_key": card.access_key.hex()}
            for card in appliance.cards
        ]
        for appliance in appliances
    ]  # fmt: skip


def _resume(appliances: list[Appliance], kept: list[list[dict]]) -> None:
    if len(kept) != len(appliances):
        raise RuntimeError(f"there are {len(kept)} appliances in the folder: use as many")
    for appliance, cards in zip(appliances, kept, strict=True):
        for card in cards:
            keys = {name: bytes.fromhex(card[name]) for name in ("key", "access_key")}
            appliance.cards.append(Card(**(card | keys)))
        appliance.reader.replace(appliance.cards)
        # Not idle: transactions that were under way wait for it.
        appliance.start()


def _furnish(center: Center, number: int, appliance: Appliance) -> None:
    """Issues two cards, registers the device and the cards on it, and starts the appliance."""
    log = appliance.folder / "line.log"
    appliance.reader.start(log=log)
    device = appliance.state
    for position, vendor in enumerate(("K01", "K02"), 1):
        card = Card(position, vendor, f"{number:04d}{position:04d}")
        bank = center.institutions[vendor].identity
        document = f"M{number:04d}{position:04d}"
        appliance.reader.ask(f"tap {position}")
        smartotp(
            center, appliance, bank, "issue", "--serial", card.serial,
            "--customer-name", "Hong Gildong", "--customer-kind", "personal",
            "--document-kind", "passport", "--document-number", document,
            "--contact", "010-0000-0000",
        )  # fmt: skip
        card.key, card.access_key = keys_on_the_line(log)
        if position == 1:
            code = registration_code(center, appliance, bank)
            smartotp(center, appliance, device, "device", "register",
                     "--name", appliance.name, "--code", code)  # fmt: skip
        code = registration_code(center, appliance, bank, card.name)
        smartotp(center, appliance, device, "device", "add-card", card.name, "--code", code)
        appliance.reader.ask(f"remove {position}")
        appliance.cards.append(card)
    # Without the log of the line, which would grow.
    appliance.reader.replace(appliance.cards)
    log.unlink()
    appliance.start()
    if not appliance.wait_for("idle", patience=60):
        raise RuntimeError(f"{appliance.name} is not idle: {appliance.branch.status()}")


def registration_code(center: Center, appliance: Appliance, bank: pathlib.Path, *card: str) -> str:
    said = smartotp(center, appliance, bank, "registration-code", *card, "--json")
    return json.loads(said)["code"]


def smartotp(center: Center, appliance: Appliance, identity: pathlib.Path, *arguments: str) -> str:
    result = subprocess.run(
        [str(center.programs / "smartotp"), *arguments],
        env=os.environ
        | {
            "SMARTOTP_CENTER": center.url,
            "SMARTOTP_CENTER_CA": str(center.authority),
            "SMARTOTP_IDENTITY": str(identity),
            "SMARTOTP_READER": f"pn532_uart:{appliance.reader.link}:115200",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    if result.returncode != 0:
        raise RuntimeError(f"smartotp {' '.join(arguments)}: {result.stderr}{result.stdout}")
    return result.stdout


def codes_in(text: str, codes: set[str]) -> set[str]:
    """Which of the codes stand in a text, as words of their own."""
    return codes & set(re.findall(r"(?<![0-9A-Za-z.])[0-9]{6}(?![0-9A-Za-z])", text))
