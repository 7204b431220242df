"""Faults as a field technician meets them, planted on a machine of their own: USB readers under
umockdev (Tests/Bench), PN532s on a serial line from smartotp-sim, in a mount namespace whose /dev,
/run and /etc/nfc nobody else sees."""

import contextlib
import dataclasses
import os
import pathlib
import pty
import re
import subprocess
import sys
import threading
import tty
from collections.abc import Callable, Iterator

from simulator import Simulator

PORT = "/dev/ttyUSB0"
SERIAL = f"pn532_uart:{PORT}"
NODE = "/dev/bus/usb/001/002"
CONFIGURATION = "/etc/nfc/libnfc.conf"

MACHINE = r"""
set -e
mount -t tmpfs run /run
mkdir /run/dev
mount -t tmpfs dev /run/dev
for node in null zero full random urandom tty; do
  : > /run/dev/$node
  mount --bind /dev/$node /run/dev/$node
done
mkdir /run/dev/pts /run/dev/shm
mount --bind /dev/pts /run/dev/pts
ln -s pts/ptmx /run/dev/ptmx
ln -s /proc/self/fd /run/dev/fd
ln -s /proc/self/fd/0 /run/dev/stdin
mount --move /run/dev /dev
mkdir -p /etc/nfc
mount -t tmpfs nfc /etc/nfc
exec "$@"
"""


def enter_own_machine() -> None:
    """Starts this program again where /dev, /run and /etc/nfc are its own."""
    if os.environ.get("SMARTOTP_OWN_MACHINE") == "1":
        return
    os.environ["SMARTOTP_OWN_MACHINE"] = "1"
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *user, "--mount", "--propagation", "private", "sh", "-c", MACHINE, "sh"]
    os.execvp(command[0], [*command, sys.executable, *sys.argv])


@dataclasses.dataclass
class Stage:
    """Where programs meet a fault."""

    wrapper: list[str] = dataclasses.field(default_factory=list)
    """What starts a program there."""
    reader: str | None = None
    """libnfc's name of the reader, where a user has to give it."""
    before: str = ""
    """A shell command that goes before each program, in the same place."""


@dataclasses.dataclass
class Fault:
    title: str
    cause: str
    """What an output that names the cause says, as a regular expression."""
    stage: Callable[["Programs"], contextlib.AbstractContextManager[Stage]]
    control: str = "serial"
    """The healthy machine whose outputs must not say it."""

    def is_named_in(self, output: str, healthy: str) -> bool:
        """Whether `output` says what is wrong; what is said in health as well says nothing."""
        cause = re.compile(self.cause, re.IGNORECASE)
        return cause.search(output) is not None and cause.search(healthy) is None


@dataclasses.dataclass
class Programs:
    folder: pathlib.Path
    """smartotp, smartotp-reader and smartotp-sim."""
    bench: pathlib.Path
    """usb-bench."""


# USB readers


def usb(*options: str, before: str = "") -> Callable:
    @contextlib.contextmanager
    def stage(programs: Programs) -> Iterator[Stage]:
        yield Stage([str(programs.bench), "run", *options, "--"], before=before)

    return stage


def held_by(command: str, is_ready: str) -> str:
    """Starts a program that takes the reader and keeps it. umockdev opens another file in the
    node's place, so the node itself is opened as well: in /proc it looks as on a real machine."""
    return (
        f"preload=$LD_PRELOAD env -u LD_PRELOAD sh -c 'mkdir -p {os.path.dirname(NODE)}; "
        f"exec 9<>{NODE}; LD_PRELOAD=$preload exec {command} > /dev/null 2>&1' & holder=$!; "
        f'trap "kill $holder; wait $holder" EXIT; '
        f"for i in 1 2 3 4 5 6 7 8 9 10; do {is_ready} && break; sleep 0.2; done; "
    )


IS_CLAIMED = "[ -e /sys/bus/usb/devices/1-1:1.0/driver ]"

# Serial readers


@contextlib.contextmanager
def serial_port(device: str) -> Iterator[None]:
    """The pseudo-terminal under a serial adapter's name."""
    pathlib.Path(PORT).touch()
    subprocess.run(["mount", "--bind", device, PORT], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", PORT], check=True)
        os.remove(PORT)


def simulated(*options: str, wrapper: list[str] | None = None, before: str = "") -> Callable:
    @contextlib.contextmanager
    def stage(programs: Programs) -> Iterator[Stage]:
        with (
            Simulator(programs.folder / "smartotp-sim", *options) as simulator,
            serial_port(simulator.device),
        ):
            yield Stage(wrapper or [], SERIAL, before)

    return stage


def other_device(chatter: bytes) -> Callable:
    """Something that is no PN532, and says the same thing five times a second."""

    @contextlib.contextmanager
    def stage(_: Programs) -> Iterator[Stage]:
        device, port = pty.openpty()
        tty.setraw(port)
        ended = threading.Event()

        def talk() -> None:
            while not ended.wait(0.2):
                with contextlib.suppress(BlockingIOError):
                    os.write(device, chatter)

        def listen() -> None:
            with contextlib.suppress(OSError):
                while os.read(device, 4096):
                    pass

        os.set_blocking(device, True)
        threads = [threading.Thread(target=listen, daemon=True)]
        if chatter:
            threads.append(threading.Thread(target=talk, daemon=True))
        for thread in threads:
            thread.start()
        try:
            with serial_port(os.ttyname(port)):
                yield Stage([], SERIAL)
        finally:
            ended.set()
            os.close(port)
            threads[-1].join(1)
            os.close(device)

    return stage


@contextlib.contextmanager
def closed_port(programs: Programs) -> Iterator[Stage]:
    with simulated()(programs) as stage:
        os.chmod(PORT, 0)
        powerless = "-dac_override,-dac_read_search"
        stage.wrapper = ["setpriv", "--bounding-set", powerless, "--"]
        yield stage


@contextlib.contextmanager
def stale_configuration(_: Programs) -> Iterator[Stage]:
    with open(CONFIGURATION, "w") as file:
        file.write('device.name = "counter"\ndevice.connstring = "pn532_uart:/dev/ttyUSB7"\n')
    try:
        yield Stage()
    finally:
        os.remove(CONFIGURATION)


READS_THE_PORT = f'cat {PORT} > /dev/null & holder=$!; trap "kill $holder" EXIT; sleep 0.3; '
GPS = b"$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76\r\n"

CONTROLS = {
    "usb": Fault("Healthy ACR122U with a card", "(?!)", usb()),
    "serial": Fault("Healthy PN532 on a serial port, with a card", "(?!)", simulated()),
}

FAULTS = [
    Fault(
        "No reader at all",
        r"no (nfc |contactless )?(reader|device)s? (is |was )?(found|attached|plugged in)"
        r"|find any contactless device|waiting for the first reader",
        usb("--reader", "none"),
        "usb",
    ),
    Fault(
        "USB node without permission",
        r"permission denied|access (is )?denied|may not (read|write)",
        usb("--access", "none"),
        "usb",
    ),
    Fault(
        "The kernel's driver has the reader",
        r"pn533_usb",
        usb("--reader", "pn533", "--kernel-driver", "pn533_usb"),
        "usb",
    ),
    Fault(
        "pcscd has the reader",
        r"pcscd",
        usb(before=held_by("pcscd --foreground --config /run/empty", IS_CLAIMED)),
        "usb",
    ),
    Fault(
        "Another program has the USB reader",
        r"nfc-poll",
        usb("--paced", "--card", "none", before=held_by("nfc-poll", IS_CLAIMED)),
        "usb",
    ),
    Fault(
        "Another program reads the serial port",
        r"\bcat\b",
        simulated(before=READS_THE_PORT),
    ),
    Fault(
        "Serial port without permission",
        r"permission denied|access (is )?denied|may not (read|write)",
        closed_port,
    ),
    Fault(
        "The port's device is no PN532 (a GPS)",
        r"(other|another) (kind of )?device|(no|not a) PN53|unexpected PN53x reply",
        other_device(GPS),
    ),
    Fault(
        "Nothing answers: mode switch on I2C",
        r"mode switch|switch(es)?\b.{0,40}(HSU|UART)",
        other_device(b""),
    ),
    Fault(
        "Every answer arrives with a wrong checksum",
        r"checksum|garbled|damaged|disturbed|corrupt",
        simulated("--fault", "line,to=host,frame=0,kind=info,byte=4,flip=10,repeat"),
    ),
    Fault(
        "The chip acknowledges, and never answers",
        r"acknowledges.{0,30}(none|no|not|never)\b|PN53x ACKed\s+debug\s+libnfc\.bus\.uart\s+Timeout!",
        simulated("--fault", "chip,command=0,mute,repeat"),
    ),
    Fault(
        "Unplugged while in use",
        r"unplugged|disconnected|\bgone\b|no such device|not there any more|went away|left the bus",
        usb("--fault", "usb,transfer=14,vanish=during"),
        "usb",
    ),
    Fault(
        "libnfc.conf names a reader that is not there",
        r"ttyUSB7",
        stale_configuration,
    ),
    Fault(
        "Antenna cut: the chip's own test fails, no card is seen",
        r"antenna",
        # The fourteenth Diagnose is doctor's antenna test; nobody else sends so many.
        simulated("--absent", "--fault", "chip,code=00,command=13,answer=0140"),
    ),
    Fault(
        "The card is a MIFARE Classic",
        r"mifare classic|no(t)? (speak )?ISO(/IEC)? ?14443-4|takes no APDU",
        simulated("--card", "mifare-classic"),
    ),
    Fault(
        "Two cards on the reader",
        r"\b(2|two|several|more than one) (different )?(card|target|tag)s?\b|(?m:^2 .*target\(s\))",
        simulated("--card", "oath", "--card", "mifare-classic"),
    ),
]
