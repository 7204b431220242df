"""Child processes that end when their block ends, free ports, and a private pcscd."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

PEERS = pathlib.Path(__file__).resolve().parent
ROOT = PEERS.parent.parent
VPCD_DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"


@contextlib.contextmanager
def running(arguments, **options):
    """A child process; terminated at the end, killed if it does not go."""
    child = subprocess.Popen([str(a) for a in arguments], **options)
    try:
        yield child
    finally:
        stop(child)


def stop(child: subprocess.Popen, patience: float = 3) -> None:
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def free_ports(count: int) -> int:
    """The first of `count` neighbouring ports of the loopback that nobody listens on."""
    for first in range(40000, 60000, count):
        if all(_is_free(first + offset) for offset in range(count)):
            return first
    raise OSError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def enter_private_run() -> None:
    """Starts this program again where /run is its own and empty. pcscd's socket has a fixed
    place there; so neither a running pcscd nor a second check is in the way."""
    if os.environ.get("SMARTOTP_PRIVATE_RUN") == "1":
        return
    os.environ["SMARTOTP_PRIVATE_RUN"] = "1"
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    enter = 'mount -t tmpfs run /run && exec "$@"'
    command = ["unshare", *user, "--mount", "--propagation", "private", "sh", "-c", enter, "sh"]
    os.execvp(command[0], [*command, sys.executable, *sys.argv])


@contextlib.contextmanager
def pcsc_daemon(log: pathlib.Path):
    """pcscd with vsmartcard's virtual reader alone; yields the port where it wants a card."""
    port = free_ports(2)
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "vpcd").write_text(
            'FRIENDLYNAME "Virtual PCD"\n'
            f"DEVICENAME /dev/null:{port:#x}\n"
            f"LIBPATH {VPCD_DRIVER}\n"
            f"CHANNELID {port:#x}\n"
        )
        with (
            open(log, "wb") as output,
            running(
                ["pcscd", "--foreground", "--config", folder], stdout=output, stderr=output
            ) as daemon,
        ):
            wait_until(lambda: os.path.exists("/run/pcscd/pcscd.comm"), "pcscd", daemon)
            yield port


def wait_until(condition, what: str, child: subprocess.Popen, patience: float = 10) -> None:
    end = time.monotonic() + patience
    while not condition():
        if child.poll() is not None:
            raise RuntimeError(f"{what} ended with {child.returncode}")
        if time.monotonic() > end:
            raise TimeoutError(f"{what} was not ready after {patience} s")
        time.sleep(0.02)
