#!/usr/bin/env python3
"""Transactions in a row, on many appliances at once, while things go wrong at random.

    Tests/Appliance/soak.py [--transactions N] [--appliances N] [--seed S] [--programs FOLDER]

Cards are pulled and mixed up, readers and lines fail, smartotp-reader and smartotpd are killed, the
centre stops and starts. No code may be wrong, accepted twice or in sight past its time; each
transaction must be accounted for at the centre and in its audit; memory and descriptors must stay
flat. Prints a table, and with --json a line of JSON; ends with 1 on a violation.
"""

import argparse
import collections
import contextlib
import json
import pathlib
import random
import signal
import sys
import threading
import time
import traceback

from appliance import Appliance
from center import Center, Refused, Unreachable
from customer import FINAL, Customer, Posted
from simulated_reader import HOSTILE
from stage import ROOT, codes_in, stage

TIMES = {"show": 5, "present": 20, "await-card": 20}
FIRST_HOSTILE = 5
SETTLED = 50
"""So many transactions after its start a process has what it needs; from then on it must not grow."""
FLAT = 2048
"""KiB that resident memory may grow."""

# What goes wrong: how often, in a thousand transactions.
RATES = {
    "other card": 25,
    "foreign card": 10,
    "hostile card": 25,
    "two cards": 10,
    "pulled": 25,
    "pulled, back": 25,
    "line cut": 4,
    "line damaged": 25,
    "chip fault": 15,
    "reader unplugged": 2,
    "reader process killed": 10,
    "appliance killed": 6,
    "appliance stopped": 2,
    "SIGHUP": 10,
    "cancelled": 15,
    "closed by the bank": 10,
    "sent again": 60,
    "left standing": 20,
    "nobody comes": 4,
}
RESTARTING = {"line cut", "reader unplugged", "reader process killed", "chip fault"} | {
    "appliance killed", "appliance stopped"
}  # fmt: skip
"""Every fourth appliance is spared these, so that some processes live long."""
CENTER_EVERY = 500
"""Transactions between two restarts of the centre."""


class Violations:
    def __init__(self):
        self.found: list[str] = []
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        with self._lock:
            self.found.append(text)
        print(f"VIOLATION {text}", flush=True)


class Series:
    """Samples of one process, from its start to its end."""

    def __init__(self, process: int, transactions: int):
        self.process, self.start = process, transactions
        self.first: dict | None = None
        self.last: dict | None = None
        self.count = 0

    def take(self, sample: dict) -> None:
        self.count += 1
        if self.first is None:
            self.first = sample
        self.last = sample


class Lane:
    """One appliance and its customer."""

    def __init__(self, soak: "Soak", appliance: Appliance, seed: int):
        self.soak, self.appliance = soak, appliance
        self.random = random.Random(seed)
        self.customer = Customer(appliance, soak.center.institutions)
        self.is_spared = seed % 4 == 0
        self.posted: list[Posted] = []
        self.codes: set[str] = set()
        self.series: dict[str, list[Series]] = {"smartotpd": [], "reader": []}
        self.done = 0

    def run(self) -> None:
        try:
            while self.soak.take():
                self.transaction()
                self.sample()
        except Exception:
            state = self.appliance.branch.status()
            log = self.appliance.log_end()
            self.soak.violations.add(
                f"{self.appliance.name} came to an end: {traceback.format_exc()}{state}\n{log}"
            )

    def transaction(self) -> None:
        fault = self.choose()
        self.customer.lets_codes_stand = fault == "left standing"
        card = self.random.choice(self.appliance.cards)
        posted = self.customer.post(card)
        self.posted.append(posted)
        if fault:
            posted.faults.append(fault)
            posted.say(f"to come: {fault}")
        mends: list = []
        at = self.random.choice((1, 2))
        happened = []

        def before_tap(number: int) -> None:
            if number == at and fault and not happened:
                happened.append(True)
                self.happen(fault, posted, mends)

        if fault == "nobody comes":
            self.wait_for_nobody(posted)
        self.customer.confirm(posted, before_tap=before_tap, patience=120)
        for mend in mends:
            mend()
        self.appliance.reader.ask("disarm")
        if posted.result == "verified" and (fault == "sent again" or self.random.random() < 0.02):
            self.soak.counts["sent again"] += 1
            self.customer.send_again(posted)
        if posted.result == "unfinished":
            if not fault and not self.soak.disturbed_since(posted.at):
                self.customer.note(posted, "it came to no end, though nothing was wrong")
            with contextlib.suppress(Refused, Unreachable):
                posted.bank.cancel(posted.id)
        if posted.code:
            self.codes.add(posted.code)
        self.soak.count(fault or "none", posted.result)
        if not self.customer.come_to_rest(90):
            self.soak.violations.add(
                f"{self.appliance.name} is not idle after {posted.id}: "
                f"{self.appliance.branch.status()}\n  " + "\n  ".join(posted.log)
            )
            self.appliance.branch.cancel()
        if how := self.appliance.has_ended():
            self.soak.violations.add(f"{self.appliance.name}: {how}")
            self.appliance.start()
        for wrong in self.customer.wrong + self.appliance.wrong:
            self.soak.violations.add(wrong)
        self.customer.wrong.clear()
        self.appliance.wrong.clear()
        posted.log.clear()
        self.done += 1

    def choose(self) -> str | None:
        number = self.random.random() * 1000
        for fault, rate in self.soak.rates.items():
            number -= rate
            if number < 0:
                return None if self.is_spared and fault in RESTARTING else fault
        return None

    def wait_for_nobody(self, posted: Posted) -> None:
        """Nobody taps: the appliance gives up by itself."""
        events = self.appliance.events
        events.wait(lambda: events.phase == "awaiting-card", 5)
        events.wait(lambda: events.phase == "idle", TIMES["await-card"] + 20)
        posted.say("nobody came")

    def happen(self, fault: str, posted: Posted, mends: list) -> None:
        appliance, reader, draw = self.appliance, self.appliance.reader, self.random
        if fault == "other card":
            self.briefly(next(c for c in appliance.cards if c is not posted.card))
        elif fault == "foreign card":
            self.briefly(draw.choice((3, 4)))
        elif fault == "hostile card":
            self.briefly(FIRST_HOSTILE + draw.randrange(len(HOSTILE)))
        elif fault == "two cards":
            appliance.lay(2 if posted.card.number == 1 else 1)
            self.briefly(posted.card)
        elif fault.startswith("pulled"):
            back = fault.endswith("back")
            reader.ask(f"fault card,apdu={draw.randrange(3)},pull-during"
                       + (f",back={draw.randrange(100, 1500)}" if back else ""))  # fmt: skip
            if back:
                appliance.lay_again(posted.card)
        elif fault == "line cut":
            reader.ask(f"fault line,to={draw.choice(('host', 'chip'))},frame={draw.randrange(12)},"
                       f"byte={draw.randrange(8)},cut")  # fmt: skip
            timer = threading.Timer(draw.uniform(0.5, 6), lambda: self.heal())
            timer.start()
            mends += [timer.join, self.heal]
        elif fault == "line damaged":
            for _ in range(draw.randrange(1, 4)):
                what = draw.choice(("drop", "flip=01", "flip=80", "insert=00", "insert=FF", "split",
                                    f"hold={draw.randrange(1, 400)}"))  # fmt: skip
                reader.ask(f"fault line,to={draw.choice(('host', 'chip'))},"
                           f"frame={draw.randrange(20)},byte={draw.randrange(20)},{what}")  # fmt: skip
        elif fault == "chip fault":
            what = draw.choice(("status=01", "status=0A", "refuse=27", "mute", "ignore", "nack",
                                "error", "reset", f"delay={draw.randrange(1, 1500)}"))  # fmt: skip
            reader.ask(f"fault chip,command={draw.randrange(8)},{what}")
        elif fault == "reader unplugged":
            appliance.is_laid = False
            reader.replace(appliance.cards, away_for=draw.uniform(0, 3))
        elif fault == "reader process killed":
            self.later(appliance.kill_reader_process, mends)
        elif fault == "appliance killed":
            self.later(self.kill_appliance, mends)
        elif fault == "appliance stopped":
            took = appliance.stop()
            if appliance.process.returncode != 0 or took > 8:
                self.customer.note(posted, f"SIGTERM: {took:.1f} s, {appliance.process.returncode}")
            appliance.start()
        elif fault == "SIGHUP":
            self.later(appliance.hang_up, mends)
        elif fault == "cancelled":
            self.later(appliance.branch.cancel, mends)
        elif fault == "closed by the bank":
            self.later(lambda: self.cancel_at_bank(posted), mends)

    def briefly(self, card) -> None:
        self.appliance.lay(card)
        time.sleep(self.random.uniform(0.05, 0.8))
        self.appliance.lift_and_wait()

    def later(self, act, mends: list) -> None:
        """Somewhere within the tap that comes."""
        timer = threading.Timer(self.random.uniform(0, 0.12), act)
        timer.start()
        mends.append(timer.join)

    def heal(self) -> None:
        self.appliance.reader.ask("disarm")
        self.appliance.reader.ask("heal")

    def kill_appliance(self) -> None:
        self.appliance.kill()
        time.sleep(0.1)
        self.appliance.start()

    def cancel_at_bank(self, posted: Posted) -> None:
        with contextlib.suppress(Refused, Unreachable):
            posted.bank.cancel(posted.id)

    def sample(self) -> None:
        resources = self.appliance.resources()
        for name, all_series in self.series.items():
            process = resources.get(f"{name} pid")
            if process is None:
                continue
            if not all_series or all_series[-1].process != process:
                all_series.append(Series(process, self.done))
            series = all_series[-1]
            if self.done - series.start >= SETTLED and self.done % 5 == 0:
                series.take({
                    key.split()[1]: value
                    for key, value in resources.items()
                    if key.startswith(name)
                })  # fmt: skip


class Soak:
    def __init__(self, arguments, center: Center, appliances: list[Appliance]):
        self.center, self.arguments = center, arguments
        self.rates = {f: r * arguments.rate for f, r in RATES.items()}
        self.violations = Violations()
        self.counts: collections.Counter = collections.Counter()
        self.results: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
        self.lanes = [
            Lane(self, appliance, arguments.seed * 1000 + number)
            for number, appliance in enumerate(appliances)
        ]
        self.begun = 0
        self.center_down: list[float] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.start = time.monotonic()
        self.stop_at = self.start + arguments.minutes * 60

    def take(self) -> bool:
        with self._lock:
            if self.begun >= self.arguments.transactions or time.monotonic() > self.stop_at:
                return False
            self.begun += 1
            return True

    def count(self, fault: str, result: str) -> None:
        with self._lock:
            self.results[fault][result] += 1
            done = sum(sum(row.values()) for row in self.results.values())
        if done % 500 == 0:
            print(f"{done} transactions in {time.monotonic() - self.start:.0f} s, "
                  f"{len(self.violations.found)} violations", flush=True)  # fmt: skip

    def disturbed_since(self, moment: float) -> bool:
        return any(down >= moment - 30 for down in self.center_down)

    def run(self) -> None:
        threads = [threading.Thread(target=lane.run) for lane in self.lanes]
        for thread in threads:
            thread.start()
        restarts = threading.Thread(target=self.restart_center)
        restarts.start()
        for thread in threads:
            thread.join()
        self._ended.set()
        restarts.join()

    def restart_center(self) -> None:
        draw = random.Random(self.arguments.seed)
        following = CENTER_EVERY // 2
        while not self._ended.wait(0.2):
            if self.begun < following:
                continue
            following += CENTER_EVERY
            by = draw.choice((signal.SIGTERM, signal.SIGKILL))
            self.counts["centre restarts" if by == signal.SIGTERM else "centre kills"] += 1
            self.center_down.append(time.monotonic())
            self.center.stop(by)
            time.sleep(draw.uniform(0, 3))
            self.center.start()
            self.center_down.append(time.monotonic())

    # What must be true at the end.

    def judge(self) -> None:
        self.account()
        for wrong in self.center.check():
            self.violations.add(wrong)
        for lane in self.lanes:
            self.search_log(lane)
            for name, all_series in lane.series.items():
                for series in all_series:
                    self.judge_series(lane, name, series)

    def account(self) -> None:
        """Each transaction is in a final state, or open with a reason; each is in the audit."""
        audit: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
        for record in self.center.audit():
            if record["subject"].startswith("transaction:"):
                audit[record["subject"][12:].split()[0]][record["action"]] += 1
        for lane in self.lanes:
            for posted in lane.posted:
                transaction = posted.bank.transaction(posted.id)
                state = transaction["state"]
                self.counts[f"at the centre: {state}"] += 1
                records = audit[posted.id]
                if records["transaction.verified"] > 1 or posted.accepted > 1:
                    self.violations.add(f"{posted.id} was accepted more than once: {records}")
                if (state == "verified") != (records["transaction.verified"] == 1):
                    self.violations.add(f"{posted.id} is {state}, the audit says {dict(records)}")
                if posted.result == "verified" and state != "verified":
                    self.violations.add(f"{posted.id} was accepted and is {state}")
                if records["transaction.code-wrong"] or records["transaction.rejected"]:
                    self.violations.add(f"{posted.id}: a wrong code: {dict(records)}")
                if state not in FINAL:
                    self.violations.add(f"{posted.id} is still {state}: {posted.faults}")
                if not records:
                    self.violations.add(f"{posted.id} is not in the audit")

    def search_log(self, lane: Lane) -> None:
        path = lane.appliance.folder / "smartotpd.log"
        if said := codes_in(path.read_text(errors="replace"), lane.codes):
            self.violations.add(f"{lane.appliance.name} wrote codes to its log: {said}")

    def judge_series(self, lane: Lane, name: str, series: Series) -> None:
        if series.count < 2:
            return
        grown = series.last["rss"] - series.first["rss"]
        if grown > FLAT:
            self.violations.add(
                f"{lane.appliance.name}'s {name} ({series.process}) grew by {grown} KiB in "
                f"{lane.done - series.start} transactions: {series.first} {series.last}"
            )
        if series.last["fds"] > series.first["fds"] + 3:
            self.violations.add(
                f"{lane.appliance.name}'s {name} has more descriptors: {series.first} {series.last}"
            )

    def figures(self) -> dict:
        growth = {}
        for name in ("smartotpd", "reader"):
            series = [
                s for lane in self.lanes for s in lane.series[name] if s.count >= 2
            ]
            growth[name] = {
                "series": len(series),
                "starts": sum(len(lane.series[name]) for lane in self.lanes),
                "rssGrowthKiB": sorted(s.last["rss"] - s.first["rss"] for s in series),
                "anonymousGrowthKiB": sorted(s.last["pss_anon"] - s.first["pss_anon"] for s in series),
                "descriptorGrowth": sorted(s.last["fds"] - s.first["fds"] for s in series),
                "pssKiB": max((s.last["pss"] for s in series), default=0),
            }
        return {
            "transactions": sum(len(lane.posted) for lane in self.lanes),
            "appliances": len(self.lanes),
            "seed": self.arguments.seed,
            "seconds": round(time.monotonic() - self.start),
            "results": {fault: dict(row) for fault, row in self.results.items()},
            "counts": dict(self.counts),
            "memory": growth,
            "violations": len(self.violations.found),
        }


def show(figures: dict) -> None:
    columns = ("verified", "cancelled", "expired", "rejected", "unfinished")
    print(f"\n{'fault':24}" + "".join(f"{column:>12}" for column in columns))
    totals = collections.Counter()
    for fault, row in sorted(figures["results"].items()):
        print(f"{fault:24}" + "".join(f"{row.get(column, 0):12}" for column in columns))
        totals.update(row)
    print(f"{'in all':24}" + "".join(f"{totals.get(column, 0):12}" for column in columns))
    print()
    for key, value in sorted(figures["counts"].items()):
        print(f"{key:36}{value:8}")
    for name, memory in figures["memory"].items():
        growth = memory["rssGrowthKiB"]
        span = f"{growth[0]} to {growth[-1]} KiB" if growth else "no series"
        print(f"{name}: {memory['starts']} processes, {memory['series']} of them long enough: "
              f"resident memory grew by {span}")  # fmt: skip
    print(f"{figures['transactions']} transactions on {figures['appliances']} appliances in "
          f"{figures['seconds']} s: {figures['violations']} violations")  # fmt: skip


def main() -> int:
    arguments = parse()
    with stage(
        arguments.programs, arguments.appliances, TIMES, hostile=True, keep=arguments.keep
    ) as (center, appliances):
        soak = Soak(arguments, center, appliances)
        soak.run()
        soak.judge()
        figures = soak.figures()
    show(figures)
    if arguments.json:
        print(json.dumps(figures))
    return 1 if soak.violations.found else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transactions", type=int, default=10_000)
    parser.add_argument("--appliances", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600, help="begin none after that")
    parser.add_argument("--rate", type=float, default=1, help="faults so many times as often")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / ".build/debug")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for state and logs, kept")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
