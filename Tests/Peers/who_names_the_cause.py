#!/usr/bin/env python3
"""smartotp doctor, nfc-list, pcsc_scan and `python -m nfc` on the same planted faults: who names the
cause? Prints a table in Markdown. Runs in the environment that environment.sh makes;
who_names_the_cause.sh does both.

  who_names_the_cause.py [FOLDER] [--only WORD] [--keep FOLDER]

A program names the cause when what it prints matches the fault's regular expression (planted.py),
and what it prints on the same machine in health does not: advice that is always given names nothing.
Each program is unmodified and is run as somebody looking for help would: libnfc's own log is on, the
reader on a serial port is named where that is possible, and pcsc_scan finds a pcscd.

Fails when doctor does not name a cause, or takes longer than 5 s in health, 10 s in a fault."""

import argparse
import dataclasses
import datetime
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time

import harness
import planted

PATIENCE = 20
HEALTHY_LIMIT, BROKEN_LIMIT = 5, 10
EMPTY = "/run/empty"
PCSC = (
    "if [ ! -e /run/pcscd/pcscd.comm ]; then "
    f"pcscd --foreground --config {EMPTY} > /dev/null 2>&1 & daemon=$!; "
    'trap "kill $daemon; wait $daemon" EXIT; '
    "for i in 1 2 3 4 5 6 7 8 9 10; do [ -e /run/pcscd/pcscd.comm ] && break; sleep 0.2; done; "
    "sleep 1; fi; pcsc_scan -n -t 3"
)


@dataclasses.dataclass
class Run:
    output: str
    status: int | None
    """None when it had to be ended."""
    seconds: float

    @property
    def ending(self) -> str:
        if self.status is None:
            return f"no end in {PATIENCE} s"
        if self.status < 0:
            return signal.Signals(-self.status).name
        return f"status {self.status}"


def commands(stage: planted.Stage, programs: planted.Programs) -> dict[str, tuple[str, dict]]:
    """Each program's shell command, and what it needs in its environment."""
    doctor = shlex.quote(str(programs.folder / "smartotp")) + " doctor"
    named = f" --reader {stage.reader}" if stage.reader else ""
    device = {"LIBNFC_DEVICE": stage.reader} if stage.reader else {}
    search = " --search-tty" if stage.reader else ""
    return {
        "doctor": (doctor + named, {}),
        "nfc-list": ("nfc-list -v", {"LIBNFC_LOG_LEVEL": "3"} | device),
        "pcsc_scan": (PCSC, {}),
        "nfcpy": (f"{shlex.quote(sys.executable)} -m nfc -v{search}", {}),
    }


def run(stage: planted.Stage, command: str, environment: dict) -> Run:
    # The exit status and the time are the program's own, without what goes before it.
    timed = f"{stage.before}\nstart=$(date +%s.%N); {command}; status=$?; end=$(date +%s.%N)\n"
    report = 'echo "$status $start $end" > "$REPORT"'
    record = pathlib.Path("/run/report")
    record.unlink(missing_ok=True)
    child = subprocess.Popen(
        [*stage.wrapper, "bash", "-c", timed + report],
        env=os.environ | environment | {"REPORT": str(record)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    begin = time.monotonic()
    try:
        output = child.communicate(timeout=PATIENCE)[0]
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGTERM)
        output = child.communicate(timeout=PATIENCE)[0]
    text = output.decode(errors="replace").replace("\b", "")
    if not record.exists():
        return Run(text, None, time.monotonic() - begin)
    status, start, end = record.read_text().split()
    status = int(status)
    return Run(text, 128 - status if 128 < status < 160 else status, float(end) - float(start))


def run_all(fault: planted.Fault, programs: planted.Programs) -> dict[str, Run]:
    """A stage of its own for each program: none meets what another left behind."""
    runs = {}
    for name in commands(planted.Stage(), programs):
        with fault.stage(programs) as stage:
            runs[name] = run(stage, *commands(stage, programs)[name])
    return runs


def keep(folder: pathlib.Path, fault: planted.Fault, runs: dict[str, Run]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, result in runs.items():
        head = f"{fault.title}\n{name}: {result.ending}, {result.seconds:.2f} s\n\n"
        file = "".join(c if c.isalnum() else "-" for c in f"{fault.title} {name}")
        (folder / f"{file}.txt").write_text(head + result.output)


def versions(programs: planted.Programs) -> str:
    def first(*command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True)
        return (done.stdout + done.stderr).strip().splitlines()[0]

    def package(name: str) -> str:
        return first("dpkg-query", "--show", "--showformat", "${Version}", name)

    nfcpy = first(sys.executable, "-c", "import nfc; print(nfc.__version__)")
    smartotp = first(str(programs.folder / "smartotp"), "--version")
    return (
        f"smartotp {smartotp}; nfc-list of libnfc {package('libnfc-bin')}; pcsc_scan of pcsc-tools "
        f"{package('pcsc-tools')} with pcscd {package('pcscd')} and libccid {package('libccid')}; "
        f"nfcpy {nfcpy}; umockdev {package('umockdev')}"
    )


def cell(named: bool, result: Run) -> str:
    return f"{'**yes**' if named else 'no'}, {result.ending}, {result.seconds:.1f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("folder", nargs="?", default=harness.ROOT / ".build" / "debug")
    parser.add_argument("--only", default="", help="faults with this word in their title")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for all that was printed")
    options = parser.parse_args()
    planted.enter_own_machine()
    os.makedirs(EMPTY, exist_ok=True)
    bench = harness.ROOT / "Tests" / "Bench" / ".build" / "debug" / "usb-bench"
    programs = planted.Programs(pathlib.Path(options.folder).resolve(), bench)

    faults = [fault for fault in planted.FAULTS if options.only.lower() in fault.title.lower()]
    healthy = {name: run_all(fault, programs) for name, fault in planted.CONTROLS.items()}
    names = list(commands(planted.Stage(), programs))
    print(f"{datetime.date.today()}. {versions(programs)}.\n")
    print("| fault | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    failures = []
    slowest = 0.0
    counts = dict.fromkeys(names, 0)
    for control, fault in planted.CONTROLS.items():
        runs = healthy[control]
        cells = [f"{runs[name].ending}, {runs[name].seconds:.1f} s" for name in names]
        print(f"| {fault.title} | " + " | ".join(cells) + " |", flush=True)
        if options.keep:
            keep(options.keep, fault, runs)
        if runs["doctor"].status != 0 or runs["doctor"].seconds > HEALTHY_LIMIT:
            failures.append(f"{fault.title}: {runs['doctor'].ending}")
    for fault in faults:
        runs = run_all(fault, programs)
        if options.keep:
            keep(options.keep, fault, runs)
        cells = []
        for name in names:
            output, control = runs[name].output, healthy[fault.control][name].output
            named = fault.is_named_in(output, control)
            counts[name] += named
            cells.append(cell(named, runs[name]))
            if name == "doctor" and not named:
                failures.append(f"{fault.title}: doctor does not name it")
        slowest = max(slowest, runs["doctor"].seconds)
        if runs["doctor"].seconds > BROKEN_LIMIT:
            failures.append(f"{fault.title}: doctor took {runs['doctor'].seconds:.1f} s")
        print(f"| {fault.title} | " + " | ".join(cells) + " |", flush=True)
    totals = [f"**{counts[name]} of {len(faults)}**" for name in names]
    print("| causes named | " + " | ".join(totals) + " |")
    calm = max(runs["doctor"].seconds for runs in healthy.values())
    print(
        f"\ndoctor's slowest: {calm:.1f} s in health ({HEALTHY_LIMIT} s are allowed), "
        f"{slowest:.1f} s in a fault ({BROKEN_LIMIT} s)"
    )
    for failure in failures:
        print(f"FAIL {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
