"""What goes wrong at an appliance while its customer taps, drawn by a seed."""

import contextlib
import random
import threading
import time

from appliance import Appliance
from center import Refused, Unreachable
from customer import Customer, Posted
from simulated_reader import HOSTILE

FIRST_HOSTILE = 5
STOP_LIMIT = 8
"""Seconds that a stop may take here, where many appliances share a processor; the matrix is strict."""

# How often, in a thousand transactions.
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
    "nobody comes": 2,
}
RESTARTS = {"appliance killed", "appliance stopped"}
"""What a steady appliance is spared, so that its process lives as long as the run."""


class Misfortunes:
    def __init__(self, appliance: Appliance, customer: Customer, draw: random.Random):
        self.appliance, self.customer, self.random = appliance, customer, draw

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
            if appliance.process.returncode != 0 or took > STOP_LIMIT:
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
