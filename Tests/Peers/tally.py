"""Counts checks, and says what was seen where one failed."""


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, what: str, good: bool, seen: object) -> None:
        print(f"{'ok  ' if good else 'FAIL'} {what}" + ("" if good else f": {seen!r}"), flush=True)
        self.passed += good
        self.failed += not good
