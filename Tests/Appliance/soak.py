#!/usr/bin/env python3
"""Transactions in a row, on many appliances at once, while things go wrong at random.

    Tests/Appliance/soak.py [--transactions N] [--appliances N] [--steady N] [--seed S]
                            [--keep FOLDER] [--programs FOLDER]

Cards are pulled and mixed up, readers and lines fail, smartotp-reader and smartotpd are killed, the
centre stops and starts. No code may be wrong, accepted twice or in sight past its time; each
transaction must be accounted for at the centre and in its audit; memory and descriptors must stay
flat. A code that the centre took must leave the displays; one in a few dozen is not sent, and must
stay for its minute. Prints a table, and with --json a line of JSON; ends with 1 on a violation.

With --keep a run that was cut off goes on where it was when it is started again.
"""

import argparse
import collections
import contextlib
import json
import pathlib
import random
import signal
import statistics
import sys
import threading
import time
import traceback

import memory
from appliance import Appliance
from center import Center, Refused, Unreachable
from children import Interruption
from customer import FINAL, Customer, Posted
from journal import Journal
from misfortunes import RATES, RESTARTS, Misfortunes
from stage import ROOT, codes_in, stage

CENTER_EVERY = 500
"""Transactions between two restarts of the centre."""
PATIENCE = 270
"""Seconds that a customer goes on: the centre expires a transaction after 300."""
CLOSING = 5
"""Seconds within which a code that the centre took must leave the displays."""


class Violations:
    def __init__(self, journal: Journal):
        self.found = [entry["text"] for entry in journal.all_of("violation")]
        self._journal = journal

    def add(self, text: str) -> None:
        self.found.append(text)
        self._journal.write("violation", text=text)
        print(f"VIOLATION {text}", flush=True)


class Lane:
    """One appliance and its customer."""

    def __init__(self, soak: "Soak", appliance: Appliance, number: int):
        self.soak, self.appliance, self.number = soak, appliance, number
        part = soak.part * 1_000_000
        self.random = random.Random(soak.arguments.seed * 1000 + number + part)
        self.customer = Customer(appliance, soak.center.institutions)
        self.misfortunes = Misfortunes(appliance, self.customer, self.random)
        self.is_steady = number < soak.steady
        self.spared = set(RESTARTS) if self.is_steady else set()
        if self.is_steady and number % 2 == 0:
            # So that a reader process lives long, too.
            self.spared.add("reader process killed")
        self.unsent = soak.arguments.unsent * (10 if self.is_steady else 1)
        self.codes: set[str] = set()
        self.series: dict[str, list[memory.Series]] = {"smartotpd": [], "reader": []}
        self.done = 0
        self.seconds = 0.0

    def run(self) -> None:
        if not self.customer.come_to_rest(self.appliance.times["await-card"] + 90):
            self.soak.violations.add(f"{self.appliance.name} is not idle at the start")
        start = time.monotonic()
        try:
            while self.soak.take():
                self.transaction()
                self.seconds = time.monotonic() - start
                if self.done % 5 == 0:
                    self.sample()
        except Exception:
            state = self.appliance.branch.status()
            log = self.appliance.log_end()
            self.soak.violations.add(
                f"{self.appliance.name} came to an end: {traceback.format_exc()}{state}\n{log}"
            )

    def transaction(self) -> None:
        fault = self.choose()
        self.customer.withholds = fault == "not sent"
        card = self.random.choice(self.appliance.cards)
        posted = self.customer.post(card)
        self.soak.journal.write("posted", id=posted.id, vendor=card.vendor)
        if fault:
            posted.faults.append(fault)
            posted.say(f"to come: {fault}")
        mends: list = []
        at = self.random.choice((1, 2))
        happened = []

        def before_tap(number: int) -> None:
            if number == at and fault and not happened:
                happened.append(True)
                self.misfortunes.happen(fault, posted, mends)

        if fault == "nobody comes":
            self.wait_for_nobody(posted)
        self.customer.confirm(posted, before_tap=before_tap, patience=PATIENCE)
        for mend in mends:
            mend()
        if fault:
            self.appliance.reader.ask("disarm")
        if posted.result == "verified" and (fault == "sent again" or self.random.random() < 0.02):
            self.customer.send_again(posted)
        if posted.result == "unfinished" and not fault:
            if not self.soak.disturbed_since(posted.at):
                self.customer.note(posted, "it came to no end, though nothing was wrong")
        if posted.result in ("unfinished", "not sent"):
            with contextlib.suppress(Refused, Unreachable):
                posted.bank.cancel(posted.id)
        self.judge_closing(posted, fault)
        if posted.code:
            self.codes.add(posted.code)
        self.rest(posted)
        self.done += 1
        self.soak.finish(self, posted, fault or "none")

    def rest(self, posted: Posted) -> None:
        if not self.customer.come_to_rest(self.appliance.times["await-card"] + 90):
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

    def judge_closing(self, posted: Posted, fault: str | None) -> None:
        took = posted.closing_took
        if took is None or fault in RESTARTS or self.soak.disturbed_since(posted.at):
            return
        if took > CLOSING:
            self.customer.note(posted, f"its code was in sight {took:.1f} s after it was accepted")

    def choose(self) -> str | None:
        if self.unsent and self.random.random() * self.unsent < 1:
            return "not sent"
        number = self.random.random() * 1000
        for fault, rate in self.soak.rates.items():
            number -= rate
            if number < 0:
                return None if fault in self.spared else fault
        return None

    def wait_for_nobody(self, posted: Posted) -> None:
        """Nobody taps: the appliance gives up by itself."""
        events = self.appliance.events
        events.wait(lambda: events.phase == "awaiting-card", 5)
        events.wait(lambda: events.phase == "idle", self.appliance.times["await-card"] + 20)
        posted.say("nobody came")

    def sample(self) -> None:
        resources = self.appliance.resources()
        for name, all_series in self.series.items():
            process = resources.get(f"{name} pid")
            if process is None or f"{name} fds" not in resources:
                continue
            if not all_series or all_series[-1].process != process:
                all_series.append(memory.Series(f"{self.appliance.name} {name}", process, self.done))
            all_series[-1].take(
                self.done,
                {
                    key.split()[1]: value
                    for key, value in resources.items()
                    if key.startswith(name)
                },
            )


class Soak:
    def __init__(self, arguments, center: Center, appliances: list[Appliance], journal: Journal):
        self.center, self.arguments, self.journal = center, arguments, journal
        self.rates = {f: r * arguments.rate for f, r in RATES.items()}
        self.violations = Violations(journal)
        self.interruption = Interruption()
        self.counts: collections.Counter = collections.Counter()
        self.finished = journal.all_of("transaction")
        self.begun = len(self.finished)
        parts = journal.all_of("part")
        self.part = len(parts)
        last = {entry["part"]: entry["seconds"] for entry in self.finished}
        self.earlier_seconds = sum(last.values())
        self.steady = arguments.steady
        if self.steady is None:
            self.steady = max(1, len(appliances) // 3)
        journal.write("part", part=self.part)
        self.lanes = [Lane(self, appliance, n) for n, appliance in enumerate(appliances)]
        self.center_down: list[float] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.start = time.monotonic()
        self.stop_at = self.start + arguments.minutes * 60

    def take(self) -> bool:
        with self._lock:
            if self.begun >= self.arguments.transactions or time.monotonic() > self.stop_at:
                return False
            if self.interruption.asked.is_set():
                return False
            self.begun += 1
            return True

    def finish(self, lane: Lane, posted: Posted, fault: str) -> None:
        entry = {
            "id": posted.id, "vendor": posted.card.vendor, "fault": fault,
            "result": posted.result, "accepted": posted.accepted, "code": posted.code,
            "closing": posted.closing_took, "sights": posted.sights, "part": self.part,
            "seconds": round(time.monotonic() - self.start, 1), "appliance": lane.number,
        }  # fmt: skip
        self.journal.write("transaction", **entry)
        with self._lock:
            self.finished.append(entry)
            done = len(self.finished)
        if done % 500 == 0:
            print(f"{done} transactions in {time.monotonic() - self.start:.0f} s, "
                  f"{len(self.violations.found)} violations", flush=True)  # fmt: skip

    def disturbed_since(self, moment: float) -> bool:
        return any(down >= moment - 30 for down in self.center_down)

    def run(self) -> None:
        self.close_what_was_cut_off()
        threads = [threading.Thread(target=lane.run) for lane in self.lanes]
        for thread in threads:
            thread.start()
        restarts = threading.Thread(target=self.restart_center)
        restarts.start()
        for thread in threads:
            thread.join()
        self._ended.set()
        restarts.join()

    def close_what_was_cut_off(self) -> None:
        """Transactions that were under way when an earlier part of this run ended."""
        done = {entry["id"] for entry in self.finished}
        for entry in self.journal.all_of("posted"):
            if entry["id"] in done:
                continue
            self.counts["cut off with the harness"] += 1
            with contextlib.suppress(Refused):
                self.center.institutions[entry["vendor"]].cancel(entry["id"])

    def restart_center(self) -> None:
        draw = random.Random(self.arguments.seed)
        following = self.begun + CENTER_EVERY // 2
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
        for figures in self.growth():
            if wrong := memory.wrong_with(figures):
                self.violations.add(wrong)

    def account(self) -> None:
        """Each transaction is in a final state and in the audit, and both say the same."""
        audit: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
        for record in self.center.audit():
            if record["subject"].startswith("transaction:"):
                audit[record["subject"][12:].split()[0]][record["action"]] += 1
        for entry in self.finished:
            self.account_for(entry, audit[entry["id"]])

    def account_for(self, entry: dict, records: collections.Counter) -> None:
        name, bank = entry["id"], self.center.institutions[entry["vendor"]]
        state = bank.transaction(name)["state"]
        self.counts[f"at the centre: {state}"] += 1
        if not records:
            self.violations.add(f"{name} is not in the audit")
        if records["transaction.verified"] > 1 or entry["accepted"] > 1:
            self.violations.add(f"{name} was accepted more than once: {records}")
        if (state == "verified") != (records["transaction.verified"] == 1):
            self.violations.add(f"{name} is {state}, the audit says {dict(records)}")
        if entry["result"] == "verified" and state != "verified":
            self.violations.add(f"{name} was accepted and is {state}")
        if records["transaction.code-wrong"] or records["transaction.rejected"]:
            self.violations.add(f"{name}: a wrong code: {dict(records)}")
        if state not in FINAL:
            self.violations.add(f"{name} is still {state}: {entry['fault']}")

    def search_log(self, lane: Lane) -> None:
        path = lane.appliance.folder / "smartotpd.log"
        codes = lane.codes | {
            entry["code"]
            for entry in self.finished
            if entry["code"] and entry["appliance"] == lane.number
        }
        if said := codes_in(path.read_text(errors="replace"), codes):
            self.violations.add(f"{lane.appliance.name} wrote codes to its log: {said}")

    def growth(self) -> list[dict]:
        found = [s.figures() for lane in self.lanes for all in lane.series.values() for s in all]
        return [figures for figures in found if figures]

    def figures(self) -> dict:
        results: dict = collections.defaultdict(collections.Counter)
        for entry in self.finished:
            results[entry["fault"]][entry["result"]] += 1
        closings = sorted(e["closing"] for e in self.finished if e["closing"] is not None)
        sights = [seconds for entry in self.finished for seconds in entry["sights"]]
        stops = [stop for lane in self.lanes for stop in lane.appliance.stops]
        lanes = [lane for lane in self.lanes if lane.seconds]
        return {
            "transactions": len(self.finished),
            "appliances": len(self.lanes),
            "steady": self.steady,
            "seed": self.arguments.seed,
            "parts": self.part + 1,
            "seconds": round(time.monotonic() - self.start + self.earlier_seconds),
            "perMinute": [round(60 * lane.done / lane.seconds, 1) for lane in lanes],
            "results": {fault: dict(row) for fault, row in results.items()},
            "counts": dict(self.counts),
            "closings": {
                "count": len(closings),
                "median": round(statistics.median(closings), 3) if closings else None,
                "slowest": round(closings[-1], 3) if closings else None,
            },
            "unsent": {
                "count": results["not sent"]["not sent"],
                "shortest": round(min(sights), 2) if sights else None,
                "longest": round(max(sights), 2) if sights else None,
            },
            "slowestStop": round(max(stops, default=0), 2),
            "processes": {
                name: sum(len(lane.series[name]) for lane in self.lanes)
                for name in ("smartotpd", "reader")
            },
            "growth": self.growth(),
            "violations": len(self.violations.found),
        }


def show(figures: dict) -> None:
    columns = ("verified", "cancelled", "expired", "rejected", "not sent", "unfinished")
    print(f"\n{'fault':24}" + "".join(f"{column:>12}" for column in columns))
    totals = collections.Counter()
    for fault, row in sorted(figures["results"].items()):
        print(f"{fault:24}" + "".join(f"{row.get(column, 0):12}" for column in columns))
        totals.update(row)
    print(f"{'in all':24}" + "".join(f"{totals.get(column, 0):12}" for column in columns))
    print()
    for key, value in sorted(figures["counts"].items()):
        print(f"{key:36}{value:8}")
    for series in figures["growth"]:
        print(f"{series['name']} ({series['process']}): {series['transactions']} transactions, "
              f"resident {series['rssKiB']} KiB, {series['growthKiB']:+} KiB over the later half, "
              f"slope {series['slopeKiBPerThousand']:+} KiB per 1,000 transactions, "
              f"descriptors {series['descriptorGrowth']:+}")  # fmt: skip
    processes, closings, unsent = figures["processes"], figures["closings"], figures["unsent"]
    print(f"{processes['smartotpd']} smartotpd and {processes['reader']} smartotp-reader processes; "
          f"{len(figures['growth'])} lived for {memory.LONG} transactions or more")  # fmt: skip
    print("transactions per minute and appliance: "
          + ", ".join(map(str, figures["perMinute"]))
          + f" (the first {figures['steady']} are never restarted)")  # fmt: skip
    print(f"{closings['count']} codes that the centre took left the displays after "
          f"{closings['median']} s (median), {closings['slowest']} s (slowest)")  # fmt: skip
    if unsent["count"]:
        print(f"{unsent['count']} codes were not sent: in sight for {unsent['shortest']} to "
              f"{unsent['longest']} s on every display")  # fmt: skip
    print(f"slowest stop: {figures['slowestStop']} s")
    print(f"{figures['transactions']} transactions on {figures['appliances']} appliances in "
          f"{figures['seconds']} s ({figures['parts']} parts), seed {figures['seed']}: "
          f"{figures['violations']} violations")  # fmt: skip


def main() -> int:
    arguments = parse()
    times = {"show": arguments.show, "present": 60, "await-card": 120}
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    journal = Journal(arguments.keep and arguments.keep / "journal.jsonl")
    with stage(
        arguments.programs, arguments.appliances, times, hostile=True, keep=arguments.keep
    ) as (center, appliances):
        soak = Soak(arguments, center, appliances, journal)
        soak.run()
        soak.judge()
    # After the last stops, which count, too.
    figures = soak.figures()
    show(figures)
    if arguments.json:
        print(json.dumps(figures))
    is_whole = len(soak.finished) >= arguments.transactions
    if not is_whole:
        print(f"not whole: {arguments.transactions} were asked for")
    return 0 if is_whole and not soak.violations.found else 1


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transactions", type=int, default=10_000)
    parser.add_argument("--appliances", type=int, default=12)
    parser.add_argument("--steady", type=int, help="so many are never restarted (a third)")
    parser.add_argument("--show", type=int, default=60, help="seconds that a code is shown")
    parser.add_argument("--unsent", type=int, default=40,
                        help="one code in so many is not sent (0: none; steady: a tenth)")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600, help="begin none after that")
    parser.add_argument("--rate", type=float, default=1, help="faults so many times as often")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / ".build/debug")
    parser.add_argument("--keep", type=pathlib.Path,
                        help="a folder for state and logs, kept; goes on with what is there")  # fmt: skip
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
