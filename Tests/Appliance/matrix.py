#!/usr/bin/env python3
"""Every fault in every state of the appliance: each must end as the requirements say.

    Tests/Appliance/matrix.py [--every N] [--only TEXT] [--lanes N] [--journal FILE] [--programs FOLDER]

Each case brings an appliance to a state, lets the fault happen, mends it, and has the customer go on.
No code may be wrong, or come without two taps of its card, or stay in sight past its time; the
appliance must be idle again, and the next transaction must be confirmed and verified. Prints a table
and every violation with what led to it; ends with 1 if there is one. With --journal a run that was
cut off goes on where it was when it is started again.
"""

import argparse
import contextlib
import dataclasses
import pathlib
import queue
import signal
import sys
import threading
import time
import traceback

from appliance import Appliance
from center import Center, Refused, Unreachable
from children import Interruption
from customer import Customer, Posted
from journal import Journal
from simulated_reader import HOSTILE
from stage import ROOT, stage

TIMES = {"show": 6, "present": 40, "await-card": 40}
FIRST_HOSTILE = 5
STOP_LIMIT = 2
"""Seconds that smartotpd may take to stop in whatever state it is."""


@dataclasses.dataclass
class Scene:
    """An appliance in a state, and the transaction at hand there."""

    center: Center
    appliance: Appliance
    customer: Customer
    posted: Posted | None = None
    steps: list[str] = dataclasses.field(default_factory=list)
    start: float = dataclasses.field(default_factory=time.monotonic)
    further: list[Posted] = dataclasses.field(default_factory=list)

    def say(self, text: str) -> None:
        phase = self.appliance.events.phase
        self.steps.append(f"{time.monotonic() - self.start:7.2f} [{phase}] {text}")

    def post(self) -> Posted:
        self.posted = self.customer.post(self.appliance.cards[0])
        self.say(f"{self.posted.id} was posted")
        return self.posted

    def must(self, phase: str, patience: float = 25) -> None:
        name = self.posted.id if self.posted else None
        if not self.appliance.wait_for(phase, name, patience):
            raise NotReached(f"{phase} was not reached")


class NotReached(Exception):
    pass


# States.


def idle(scene: Scene) -> None:
    pass


def awaiting_card(scene: Scene) -> None:
    scene.post()
    scene.must("awaiting-card")


def _lay_until(scene: Scene, *phases: str) -> None:
    """A tap that comes before the reader was seen clear is none: then once more."""
    for _ in range(4):
        scene.appliance.lay(scene.posted.card)
        if scene.appliance.events.wait(
            lambda: scene.appliance.events.phase in phases
            and scene.appliance.events.transaction == scene.posted.id,
            4,
        ):
            return
        scene.appliance.lift_and_wait()
    raise NotReached(f"{phases} was not reached by taps")


def identifying(scene: Scene) -> None:
    awaiting_card(scene)
    scene.appliance.reader.ask("fault card,apdu=1,late=1500")
    _lay_until(scene, "identifying")
    scene.appliance.reader.ask("disarm")


def presenting(scene: Scene) -> None:
    awaiting_card(scene)
    _lay_until(scene, "presenting")
    scene.appliance.lift_and_wait()


def generating(scene: Scene) -> None:
    presenting(scene)
    scene.appliance.reader.ask("fault card,apdu=2,late=1500")
    _lay_until(scene, "generating")


def showing(scene: Scene) -> None:
    presenting(scene)
    _lay_until(scene, "showing")
    scene.appliance.lift()


def _cut(scene: Scene) -> None:
    scene.appliance.reader.ask("fault line,to=chip,frame=0,byte=0,cut")
    scene.must("reader-lost")


def reader_lost(scene: Scene) -> None:
    _cut(scene)


def reader_lost_claimed(scene: Scene) -> None:
    presenting(scene)
    _cut(scene)


def _expose(scene: Scene) -> None:
    (scene.appliance.state / "device.key").chmod(0o644)


def _protect(scene: Scene) -> None:
    (scene.appliance.state / "device.key").chmod(0o600)


def restricted(scene: Scene) -> None:
    _expose(scene)
    scene.must("restricted")


STATES = {
    "idle": idle,
    "awaiting-card": awaiting_card,
    "identifying": identifying,
    "presenting": presenting,
    "generating": generating,
    "showing": showing,
    "reader-lost": reader_lost,
    "reader-lost-claimed": reader_lost_claimed,
    "restricted": restricted,
}


def mend_state(state: str, scene: Scene) -> None:
    """What the state itself left broken."""
    if state.startswith("reader-lost"):
        scene.appliance.reader.ask("disarm")
        scene.appliance.reader.ask("heal")
    if state == "restricted":
        _protect(scene)


# Faults. Each returns what mends it, or nil.


def pause(scene: Scene, seconds: float) -> None:
    """Waits while nothing needs to come: whatever the appliance does meanwhile is judged."""
    time.sleep(seconds)


def nothing(scene):
    """Nobody does anything: each state must end by its own deadline, and the code go."""
    scene.appliance.lift()
    if scene.appliance.events.phase not in ("idle", "restricted", "reader-lost"):
        limit = max(TIMES.values()) * 2 + 20
        if not scene.appliance.wait_for("idle", patience=limit):
            scene.customer.wrong.append(f"stuck in {scene.appliance.events.phase}")


def other_card(scene):
    before = scene.appliance.events.count
    scene.appliance.lift()
    pause(scene, 0.6)
    scene.appliance.lay(scene.appliance.cards[1])
    pause(scene, 0.8)
    _expect_notice(scene, before, "card-other-card")
    scene.appliance.lift_and_wait()


def foreign_card(number: int):
    def lay(scene):
        scene.appliance.lift()
        pause(scene, 0.5)
        scene.appliance.lay(number)
        pause(scene, 1.0)
        scene.appliance.lift_and_wait()

    return lay


def both_cards(scene):
    scene.appliance.lift()
    pause(scene, 0.5)
    scene.appliance.lay(scene.appliance.cards[0])
    scene.appliance.lay(scene.appliance.cards[1])
    pause(scene, 0.8)
    scene.appliance.lift_and_wait()


def _expect_notice(scene, before, value):
    """At the second tap the person must be told."""
    if scene.state != "presenting":
        return
    events = scene.appliance.events
    if not events.wait(lambda: events.since(before, "notice", value), 10):
        scene.customer.wrong.append(f"no notice {value}: {events.since(before, 'notice')}")
    if any(seen.transaction == scene.posted.id for seen in scene.appliance.codes):
        scene.customer.wrong.append("a code for another card")


def pulled(apdu: int, back: bool):
    """The card is pulled in the middle of an APDU."""

    def pull(scene):
        events = scene.appliance.events
        if events.phase in ("identifying", "generating"):
            scene.appliance.lift()
            pause(scene, 0.6)
            if back and scene.posted:
                scene.appliance.lay(scene.posted.card)
                pause(scene, 1)
            return
        scene.appliance.lift()
        pause(scene, 0.5)
        card = scene.appliance.cards[0]
        # It comes back by itself: that is a further tap.
        scene.appliance.reader.ask(
            f"fault card,apdu={apdu},pull-during" + (",back=700" if back else "")
        )
        scene.appliance.lay(card)
        if back:
            scene.appliance.lay_again(card)
        pause(scene, 1.6)
        scene.appliance.reader.ask("disarm")
        scene.appliance.lift_and_wait()

    return pull


def pushed(scene):
    """A transaction for the other card, and one for the same card."""
    for card in (scene.appliance.cards[1], scene.appliance.cards[0]):
        scene.further.append(scene.customer.post(card))
    pause(scene, 0.5)


def line_cut(scene):
    scene.appliance.reader.ask("fault line,to=chip,frame=0,byte=0,cut")
    pause(scene, 3)

    def mend():
        scene.appliance.reader.ask("disarm")
        scene.appliance.reader.ask("heal")

    return mend


def line_damaged(scene):
    for number in (0, 2, 5):
        scene.appliance.reader.ask(f"fault line,to=host,frame={number},kind=info,byte=6,flip=10")
        scene.appliance.reader.ask(f"fault line,to=chip,frame={number},kind=info,byte=7,drop")
    if scene.posted and scene.appliance.events.phase in ("awaiting-card", "presenting"):
        scene.appliance.lay(scene.posted.card)
    pause(scene, 2)
    scene.appliance.reader.ask("disarm")


def chip_mute(scene):
    scene.appliance.reader.ask("fault chip,command=0,mute")
    scene.appliance.reader.ask("fault chip,command=3,reset")
    pause(scene, 2)
    scene.appliance.reader.ask("disarm")


def reader_unplugged(scene):
    """The reader is gone with its device; a new one comes to its place."""
    scene.appliance.is_laid = False
    scene.appliance.reader.replace(scene.appliance.cards, away_for=2)


def reader_process_killed(scene):
    if not scene.appliance.kill_reader_process():
        scene.say("there is no reader process now")
    pause(scene, 0.5)


def appliance_killed(scene):
    scene.appliance.kill()
    pause(scene, 0.3)
    scene.appliance.start()


def appliance_stopped(scene):
    took = scene.appliance.stop()
    scene.say(f"stopped in {took:.2f} s")
    if scene.appliance.process.returncode != 0:
        scene.customer.wrong.append(f"SIGTERM: status {scene.appliance.process.returncode}")
    if took > STOP_LIMIT:
        scene.customer.wrong.append(f"SIGTERM took {took:.1f} s")
    scene.appliance.start()


def center_stopped(scene):
    """The centre is away for a while; the customer taps meanwhile."""
    scene.center.stop()
    pause(scene, 0.5)
    if scene.posted and scene.appliance.events.phase in ("awaiting-card", "presenting"):
        scene.appliance.lay(scene.posted.card)
        pause(scene, 1)
        scene.appliance.lift()
    return scene.center.start


def center_killed(scene):
    scene.center.stop(signal.SIGKILL)
    pause(scene, 0.3)
    return scene.center.start


def cancelled(scene):
    scene.appliance.branch.cancel()
    pause(scene, 0.3)


def closed_by_bank(scene):
    if scene.posted:
        with contextlib.suppress(Refused):
            scene.posted.bank.cancel(scene.posted.id)
    pause(scene, 0.5)


def hung_up(scene):
    scene.appliance.hang_up()
    pause(scene, 0.5)


def configuration_changed(scene):
    """SIGHUP with another configuration: a transaction at hand ends first."""
    path = scene.appliance.configuration
    text = path.read_text()
    new = text.replace("log-level: info\n", "") if "log-level" in text else text + "log-level: info\n"
    path.write_text(new)
    scene.appliance.hang_up()
    pause(scene, 0.5)


def exposed(scene):
    """A key file becomes readable for all, and is mended."""
    _expose(scene)
    pause(scene, 1)
    if scene.appliance.events.phase != "restricted":
        scene.say("not restricted yet")

    def mend():
        _protect(scene)

    return mend


@dataclasses.dataclass
class Fault:
    happen: object
    keeps: bool
    """Whether the transaction at hand must still come to a code."""


FAULTS = {
    "nothing": Fault(nothing, False),
    "other card": Fault(other_card, True),
    "MIFARE card": Fault(foreign_card(3), True),
    "type B card": Fault(foreign_card(4), True),
    "two cards": Fault(both_cards, True),
    "push": Fault(pushed, True),
    "line cut": Fault(line_cut, True),
    "line damaged": Fault(line_damaged, True),
    "chip mute and reset": Fault(chip_mute, True),
    "reader unplugged": Fault(reader_unplugged, True),
    "reader process killed": Fault(reader_process_killed, True),
    "centre stopped": Fault(center_stopped, False),
    "centre killed": Fault(center_killed, False),
    "cancelled": Fault(cancelled, False),
    "closed by the bank": Fault(closed_by_bank, False),
    "SIGHUP": Fault(hung_up, True),
    "new configuration": Fault(configuration_changed, False),
    "key file exposed": Fault(exposed, False),
    "appliance killed": Fault(appliance_killed, True),
    "appliance stopped": Fault(appliance_stopped, False),
}
for _apdu in range(3):
    FAULTS[f"pulled at APDU {_apdu}"] = Fault(pulled(_apdu, False), True)
    FAULTS[f"pulled at APDU {_apdu}, back"] = Fault(pulled(_apdu, True), True)
for _index, _name in enumerate(HOSTILE):
    FAULTS[f"hostile {_name}"] = Fault(foreign_card(FIRST_HOSTILE + _index), True)


@dataclasses.dataclass
class Case:
    state: str
    fault: str

    @property
    def name(self) -> str:
        return f"{self.fault} while {self.state}"


@dataclasses.dataclass
class Outcome:
    case: Case
    result: str
    next_result: str
    wrong: list[str]
    seconds: float
    stops: list[float] = dataclasses.field(default_factory=list)
    """Seconds that stops of smartotpd took."""

    def kept(self) -> dict:
        return dataclasses.asdict(self) | {"case": [self.case.state, self.case.fault]}

    @classmethod
    def of(cls, kept: dict) -> "Outcome":
        values = {key: value for key, value in kept.items() if key != "kind"}
        return cls(**values | {"case": Case(*kept["case"])})


def run_case(case: Case, center: Center, appliance: Appliance) -> Outcome:
    customer = Customer(appliance, center.institutions)
    scene = Scene(center, appliance, customer)
    scene.state = case.state
    appliance.wrong.clear()
    appliance.stops.clear()
    fault = FAULTS[case.fault]
    result, following = "-", "-"
    try:
        if not customer.come_to_rest():
            raise NotReached("the appliance was not idle at the start")
        STATES[case.state](scene)
        scene.say("the fault happens")
        mend = fault.happen(scene)
        scene.say("it is mended")
        if mend:
            mend()
        mend_state(case.state, scene)
        for posted in [scene.posted, *scene.further]:
            if posted is not None:
                customer.confirm(posted)
                scene.say(f"{posted.id}: {posted.result}")
                if posted.result == "unfinished" or (
                    posted.result != "verified"
                    and (fault.keeps or posted is not scene.posted)
                    and case.state not in ("showing",)
                ):
                    customer.note(posted, f"it ended as {posted.result}")
                _close(posted)
        result = scene.posted.result if scene.posted else "-"
        appliance.reader.ask("disarm")
        if not customer.come_to_rest():
            customer.wrong.append(f"not idle again: {appliance.branch.status()}")
        scene.say("the next transaction")
        following = _next(scene)
    except (NotReached, RuntimeError, OSError, ValueError, queue.Empty) as error:
        customer.wrong.append(f"{type(error).__name__}: {error}; {appliance.branch.status()}")
    if how := appliance.has_ended():
        customer.wrong.append(how)
        appliance.start()
    wrong = customer.wrong + appliance.wrong
    return Outcome(case, result, following, [_explained(case, scene, w) for w in wrong],
                   time.monotonic() - scene.start, list(appliance.stops))  # fmt: skip


def _next(scene: Scene) -> str:
    posted = scene.customer.post(scene.appliance.cards[1])
    scene.customer.confirm(posted)
    if posted.result != "verified":
        scene.customer.note(posted, f"the next transaction ended as {posted.result}")
    else:
        scene.customer.send_again(posted)
    _close(posted)
    if not scene.customer.come_to_rest():
        scene.customer.wrong.append("not idle after the next transaction")
    return posted.result


def _close(posted: Posted) -> None:
    if posted.result not in ("verified", "cancelled", "rejected", "expired"):
        with contextlib.suppress(Refused, Unreachable):
            posted.bank.cancel(posted.id)


def _explained(case: Case, scene: Scene, wrong: str) -> str:
    steps = "\n  ".join(scene.steps)
    events = "\n  ".join(
        f"{e.at - scene.start:7.2f} {e.kind} {e.value} {e.transaction or ''} {e.text}"
        for e in scene.appliance.events.seen
        if e.at > scene.start
    )
    log = scene.appliance.log_end(1200)
    return f"{case.name}: {wrong}\n  {steps}\n events\n  {events}\n log\n{log}"


def main() -> int:
    arguments = parse()
    cases = [
        case
        for index, case in enumerate(Case(s, f) for f in FAULTS for s in STATES)
        if index % arguments.every == arguments.every // 2 and arguments.only in case.name
    ]
    journal = Journal(arguments.journal)
    outcomes = [Outcome.of(entry) for entry in journal.all_of("outcome")]
    done = {outcome.case.name for outcome in outcomes}
    left = [case for case in cases if case.name not in done]
    waiting: queue.Queue[Case] = queue.Queue()
    for case in left:
        waiting.put(case)
    interruption = Interruption()
    lanes = [
        threading.Thread(target=lane, args=(arguments, waiting, outcomes, journal, interruption))
        for _ in range(min(arguments.lanes, len(left)))
    ]
    start = time.monotonic()
    for thread in lanes:
        thread.start()
    for thread in lanes:
        thread.join()
    return report(cases, outcomes, time.monotonic() - start)


def lane(
    arguments, waiting: queue.Queue, outcomes: list, journal: Journal, interruption: Interruption
) -> None:
    """A centre and an appliance of its own, which all its cases share."""
    try:
        with stage(arguments.programs, 1, TIMES, hostile=True) as (center, appliances):
            while not interruption.asked.is_set():
                try:
                    case = waiting.get_nowait()
                except queue.Empty:
                    break
                outcome = run_case(case, center, appliances[0])
                outcomes.append(outcome)
                journal.write("outcome", **outcome.kept())
                if arguments.verbose or outcome.wrong:
                    sign = "WRONG" if outcome.wrong else "ok"
                    print(f"{sign:5} {case.name}: {outcome.result}, next {outcome.next_result},"
                          f" {outcome.seconds:.1f} s", flush=True)  # fmt: skip
                for wrong in outcome.wrong:
                    print(wrong, flush=True)
                if outcome.wrong:
                    recover(center, appliances[0])
            for wrong in center.check():
                outcomes.append(Outcome(Case("-", "the centre's books"), "-", "-", [wrong], 0))
                print(wrong)
    except Exception:
        outcomes.append(
            Outcome(Case("-", "the stage"), "-", "-", [traceback.format_exc()], 0)
        )
        traceback.print_exc()


def recover(center: Center, appliance: Appliance) -> None:
    """The next case shall not suffer from this one."""
    with contextlib.suppress(Exception):
        if center.process is None:
            center.start()
        (appliance.state / "device.key").chmod(0o600)
        appliance.kill()
        appliance.reader.replace(appliance.cards)
        appliance.start()


def report(cases: list[Case], outcomes: list[Outcome], seconds: float) -> int:
    print(f"\n{'fault':28}" + "".join(f"{state[:10]:>11}" for state in STATES))
    rows = list(dict.fromkeys("hostile" if c.fault.startswith("hostile") else c.fault for c in cases))
    for row in rows:
        line = f"{row:28}"
        for state in STATES:
            found = [
                o for o in outcomes
                if o.case.state == state
                and (o.case.fault == row or row == "hostile" and o.case.fault.startswith(row))
            ]  # fmt: skip
            right = sum(1 for o in found if not o.wrong)
            mark = f"{right}/{len(found)}" if found else "."
            line += f"{mark:>11}"
        print(line)
    wrong = [o for o in outcomes if o.wrong]
    verified = sum(1 for o in outcomes if o.result == "verified")
    following = sum(1 for o in outcomes if o.next_result == "verified")
    print()
    for outcome in wrong:
        print(f"WRONG {outcome.case.name}: {outcome.wrong[0].splitlines()[0]}")
    stops = [(stop, o.case.name) for o in outcomes for stop in o.stops]
    if stops:
        slowest = max(stops)
        print(f"{len(stops)} stops of smartotpd, the slowest in {slowest[0]:.2f} s ({slowest[1]}); "
              f"{STOP_LIMIT} s are allowed")  # fmt: skip
    if outcomes:
        longest = max(outcomes, key=lambda outcome: outcome.seconds)
        print(f"the longest case: {longest.seconds:.0f} s ({longest.case.name})")
    print(f"{len(outcomes)} of {len(cases)} cases, {seconds:.0f} s in this part: "
          f"{len(outcomes) - len(wrong)} ended as they must, {len(wrong)} did not; the transaction at "
          f"hand was verified in {verified}, the next one in {following}")  # fmt: skip
    return 1 if wrong or len(outcomes) < len(cases) else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="only every Nth case")
    parser.add_argument("--only", default="", help="only cases whose name has this text")
    parser.add_argument("--lanes", type=int, default=6, help="appliances at once")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / ".build/debug")
    parser.add_argument("--journal", type=pathlib.Path,
                        help="a file of what was done; goes on with what is there")  # fmt: skip
    parser.add_argument("--verbose", action="store_true", help="a line for each case")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
