"""Customer and bank together: they follow the screen until the transaction is over."""

import dataclasses
import time

import transaction_code
from appliance import TOLERANCE, Appliance
from center import Institution, Refused, Unreachable
from simulated_reader import Card

FINAL = ("verified", "rejected", "cancelled", "expired")


@dataclasses.dataclass
class Posted:
    """A transaction as the bank knows it, and what became of it."""

    id: str
    card: Card
    bank: Institution
    appliance: Appliance
    at: float
    result: str = "open"
    accepted: int = 0
    code: str | None = None
    closing_took: float | None = None
    """Seconds from sending the code that the centre took until it was gone."""
    sights: list[float] = dataclasses.field(default_factory=list)
    """Seconds that each display had a code in sight that was not sent."""
    faults: list[str] = dataclasses.field(default_factory=list)
    log: list[str] = dataclasses.field(default_factory=list)

    def say(self, text: str) -> None:
        self.log.append(f"{time.monotonic() - self.at:7.2f} {text}")

    @property
    def state(self) -> str:
        return self.bank.transaction(self.id)["state"]


class Customer:
    """At one appliance. What it finds wrong is in `wrong`."""

    def __init__(self, appliance: Appliance, banks: dict[str, Institution]):
        self.appliance, self.banks = appliance, banks
        self.wrong: list[str] = []
        self.posted = 0
        self.withholds = False
        """Whether a code is not sent to the centre, and so stays in sight until its time is over."""

    def post(self, card: Card, lifetime: int = 300) -> Posted:
        self.posted += 1
        bank = self.banks[card.vendor]
        fields = [("payee", "시험용 수취인"), ("amount", f"KRW {self.posted * 1000 + 7}")]
        transaction = bank.post(card.identity, fields, lifetime)
        posted = Posted(transaction["id"], card, bank, self.appliance, time.monotonic())
        posted.say(f"posted {posted.id} for {card.name}")
        return posted

    def confirm(self, posted: Posted, patience: float = 90, before_tap=None) -> None:
        """Taps as the screen says, and hands in the code, until the transaction is over.

        before_tap: called with 1 or 2 before the first and second tap, for faults.
        """
        end = time.monotonic() + patience
        events = self.appliance.events
        tries = 0
        while posted.result == "open" and time.monotonic() < end:
            phase, at_hand = events.phase, events.transaction
            if phase == "showing" and at_hand == posted.id:
                self._hand_in(posted)
            elif phase == "presenting" and at_hand == posted.id:
                self.appliance.lift_and_wait()
                if not self.appliance.is_there("presenting", posted.id):
                    continue
                if before_tap:
                    before_tap(2)
                self._tap(posted, "presenting")
            elif phase == "awaiting-card" and at_hand == posted.id or phase == "idle":
                if phase == "idle":
                    if self._is_over(posted):
                        break
                    if tries == 0 and events.wait(
                        lambda: self.appliance.is_there("awaiting-card", posted.id), 0.5
                    ):
                        continue
                if tries:
                    self.appliance.lift_and_wait()
                if before_tap:
                    before_tap(1)
                self._tap(posted, phase)
                tries += 1
            elif phase in ("presenting", "awaiting-card", "showing") and at_hand != posted.id:
                # Another one's turn; a card at rest does not hurry it.
                events.wait(lambda: events.transaction != at_hand, 1)
                if self._is_over(posted):
                    break
                if phase == "awaiting-card":
                    self.appliance.lift_and_wait()
                    self._tap(posted, phase)
            else:
                events.wait(lambda: events.phase != phase, 1)
        if posted.result == "open" and not self._is_over(posted):
            posted.result = "unfinished"
            posted.say(f"unfinished: {self.appliance.branch.status()}")

    def _tap(self, posted: Posted, phase: str, patience: float = 3) -> None:
        before = self.appliance.events.count
        posted.say(f"taps while {phase}")
        self.appliance.lay(posted.card)
        events = self.appliance.events
        # Whatever the tap brings about; one that was too early brings about nothing.
        events.wait(
            lambda: events.phase not in (phase, "identifying", "generating")
            or events.since(before, "notice"),
            patience,
        )
        posted.say(f"now {events.phase}, {[e.value for e in events.since(before, 'notice')]}")

    def _hand_in(self, posted: Posted) -> None:
        appliance, events = self.appliance, self.appliance.events
        events.wait(
            lambda: appliance.code_of(posted.id) or not appliance.is_there("showing", posted.id), 10
        )
        code = appliance.code_of(posted.id)
        if code is None:
            return
        if posted.code == code:
            self._is_over(posted)
            events.wait(lambda: not appliance.is_there("showing", posted.id), 1)
            return
        posted.code = code
        posted.say("a code is shown")
        self.judge_code(posted, code)
        # Who reads the code has the card in the hand again.
        appliance.lift()
        sent = time.monotonic()
        if not self.withholds:
            self.hand_in(posted, code)
        events.wait(
            lambda: not appliance.is_there("showing", posted.id), appliance.times["show"] + 10
        )
        if posted.accepted:
            posted.closing_took = time.monotonic() - sent
        if self.withholds:
            self._judge_minute(posted, code)

    def _judge_minute(self, posted: Posted, code: str) -> None:
        """A code that nobody sent is in sight for its time, and then nowhere."""
        posted.result = "not sent"
        show, sights = self.appliance.times["show"], self.appliance.sights_of(code)
        self.appliance.events.wait(lambda: all(s and s.is_gone for s in sights.values()), 2)
        for display, seen in sights.items():
            if seen is None or not seen.is_gone or not -1 < seen.seconds - show <= TOLERANCE:
                self.note(posted, f"a code that was not sent, on {display}: {seen}")
            else:
                posted.sights.append(seen.seconds)

    def judge_code(self, posted: Posted, code: str) -> None:
        """Whether it is the code of this transaction, and was asked for by two taps."""
        transaction = posted.bank.transaction(posted.id)
        expected = transaction_code.code(posted.card.key, transaction)
        if code != expected:
            # A claim that came later voids it; the centre must not take it then.
            self.note(posted, f"WRONG CODE {code}, not {expected}; {transaction['state']}")
        taps = self.appliance.taps_since(posted.card, posted.at)
        if taps < 2:
            self.note(posted, f"a code after {taps} tap(s)")

    def hand_in(self, posted: Posted, code: str) -> None:
        try:
            answer = posted.bank.verify(posted.id, code)
        except Refused as refusal:
            if self._is_over(posted):
                posted.say(f"the code came too late: {refusal}")
            else:
                self.note(posted, f"the code was refused: {refusal}")
            return
        except Unreachable as error:
            posted.say(f"the centre is away: {error}")
            return
        if answer["result"] == "accepted":
            posted.accepted += 1
            posted.result = "verified"
        else:
            self.note(posted, f"the centre says that the code is wrong: {answer}")

    def send_again(self, posted: Posted) -> None:
        """A code that was accepted must not be taken once more."""
        try:
            answer = posted.bank.verify(posted.id, posted.code)
        except (Refused, Unreachable) as refusal:
            posted.say(f"sent again: {refusal}")
            return
        if answer["result"] == "accepted":
            posted.accepted += 1
        self.note(posted, f"the code was taken again: {answer}")

    def note(self, posted: Posted, text: str) -> None:
        posted.say(text)
        self.wrong.append(f"{self.appliance.name} {posted.id}: {text}\n  " + "\n  ".join(posted.log))

    def _is_over(self, posted: Posted) -> bool:
        try:
            state = posted.state
        except (Unreachable, Refused):
            return False
        if state in FINAL:
            posted.result = state
            posted.say(f"the centre: {state}")
        return state in FINAL

    def come_to_rest(self, patience: float = 60) -> bool:
        """Lifts everything; whether the appliance is idle then."""
        if self.appliance.is_laid and self.appliance.reader.child:
            self.appliance.lift()
        self.appliance.wait_until_clear()
        return self.appliance.wait_for("idle", patience=patience)
