"""The card's end of a vpcd socket (vsmartcard): each message is a big-endian 16-bit
length and that many bytes. One byte is a control code, more are a command APDU."""

import socket
import time

OFF, ON, RESET, GET_ATR = 0, 1, 2, 4
DEFAULT_PORT = 35963

ATR = bytes.fromhex("3B80800101")
"""A contactless card without historical bytes, as PC/SC part 3 clause 3.1.3.2.3 maps it."""


def connect(host: str, port: int, patience: float) -> socket.socket:
    """Connects to vpcd, trying again for `patience` seconds while nobody listens."""
    end = time.monotonic() + patience
    while True:
        try:
            link = socket.create_connection((host, port), timeout=patience or None)
            break
        except ConnectionRefusedError:
            if time.monotonic() >= end:
                raise
            time.sleep(0.05)
    link.settimeout(None)
    # Without this, Nagle and delayed acknowledgement hold the first answer back 40 ms.
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


def serve(link: socket.socket, card, trace=None) -> None:
    """Answers until the peer closes the socket."""
    while (message := _receive(link)) is not None:
        answer = _answer(message, card)
        if trace and len(message) > 1:
            trace(message, answer)
        if answer is not None:
            link.sendall(len(answer).to_bytes(2, "big") + answer)


def _answer(message: bytes, card) -> bytes | None:
    if len(message) != 1:
        return card.transmit(message)
    if message[0] == GET_ATR:
        return ATR
    if message[0] in (OFF, ON, RESET):
        card.power_off()
    return None


def _receive(link: socket.socket) -> bytes | None:
    head = _receive_exactly(link, 2)
    if head is None:
        return None
    return _receive_exactly(link, int.from_bytes(head, "big"))


def _receive_exactly(link: socket.socket, count: int) -> bytes | None:
    received = b""
    while len(received) < count:
        try:
            part = link.recv(count - len(received))
        except ConnectionResetError:
            return None
        if not part:
            return None
        received += part
    return received
