"""What one process uses, from its start to its end, and whether it grows."""

import dataclasses
import statistics

SETTLED = 20
"""Transactions after which a process has what it needs."""
LONG = 300
"""Fewer transactions say nothing about growth."""
FLAT = 2048
"""KiB that resident memory may grow over the later half."""
WINDOW = 5
"""Samples whose median stands for the beginning or the end: one sample jumps."""


@dataclasses.dataclass
class Series:
    """Samples of one process; `position` counts the appliance's transactions."""

    name: str
    process: int
    start: int
    position: int = 0
    samples: list[tuple[int, int, int]] = dataclasses.field(default_factory=list)
    """Position, KiB of resident memory, descriptors."""
    pss: int = 0

    def take(self, position: int, sample: dict) -> None:
        self.position = position
        if position - self.start < SETTLED:
            return
        self.samples.append((position, sample["rss"], sample["fds"]))
        self.pss = max(self.pss, sample["pss"])

    @property
    def transactions(self) -> int:
        return self.position - self.start

    def figures(self) -> dict | None:
        """Growth over the later half; nil for a process that lived too short."""
        if self.transactions < LONG:
            return None
        middle = self.start + self.transactions / 2
        later = [sample for sample in self.samples if sample[0] >= middle]
        if len(later) < 2 * WINDOW:
            return None
        first, last = later[:WINDOW], later[-WINDOW:]
        slope = statistics.linear_regression([s[0] for s in later], [s[1] for s in later]).slope
        return {
            "name": self.name,
            "process": self.process,
            "transactions": self.transactions,
            "rssKiB": round(statistics.median(s[1] for s in last)),
            "growthKiB": round(
                statistics.median(s[1] for s in last) - statistics.median(s[1] for s in first)
            ),
            "slopeKiBPerThousand": round(slope * 1000),
            "descriptorGrowth": round(
                statistics.median(s[2] for s in last) - statistics.median(s[2] for s in first)
            ),
            "pssKiB": self.pss,
        }


def wrong_with(figures: dict) -> str | None:
    if figures["growthKiB"] > FLAT:
        return f"resident memory grew by more than {FLAT} KiB: {figures}"
    if figures["descriptorGrowth"] > 2:
        return f"more and more descriptors: {figures}"
    return None
