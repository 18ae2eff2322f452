"""A connection to a server, whose requests end at a deadline however slowly the server answers."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from typing import Any, Optional, cast


class Deadline:
    """The moment by which a request must be answered, on the clock of ``time.monotonic``."""

    def __init__(self) -> None:
        self.at = 0.0

    def left(self) -> float:
        """Returns the seconds until then. Raises socket.timeout if it has passed."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        return left


class Connection(http.client.HTTPConnection):
    """An HTTP connection, over TLS if there is a context. Set its deadline before each request."""

    def __init__(self, host: str, port: Optional[int], tls: Optional[ssl.SSLContext]) -> None:
        self.default_port = 80 if tls is None else 443
        super().__init__(host, self.default_port if port is None else port)
        self.deadline = Deadline()
        self._tls = tls

    def connect(self) -> None:
        """Connects to the first of the host's addresses that answers."""
        one = _reach(self.host, self.port, self.deadline)
        try:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                one.settimeout(self.deadline.left())
                one = self._tls.wrap_socket(one, server_hostname=self.host)
        except BaseException:
            one.close()
            raise
        self.sock = cast(Any, _Bounded(one, self.deadline))


def _reach(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Connects as socket.create_connection does, but within the deadline.

    Each address gets its share of the time that is left: if one is silent, the next may answer.
    """
    found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    failure = OSError("the host has no address")
    for number, (family, kind, protocol, _, address) in enumerate(found):
        share = deadline.left() / (len(found) - number)
        try:
            one = socket.socket(family, kind, protocol)
        except OSError as error:  # such as a family that this machine does not have
            failure = error
            continue
        try:
            one.settimeout(share)
            one.connect(address)
            return one
        except OSError as error:
            one.close()
            failure = error
    raise failure


class _Bounded:
    """What a connection uses of its socket. Each wait ends at the deadline, not after a pause."""

    def __init__(self, one: socket.socket, deadline: Deadline) -> None:
        self._one, self._deadline = one, deadline

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._one.settimeout(self._deadline.left())
            rest = rest[self._one.send(rest) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._one, self._deadline))

    def close(self) -> None:
        self._one.close()


class _Reading(io.RawIOBase):
    """Reads from a socket until the deadline."""

    def __init__(self, one: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._one, self._deadline = one, deadline
        # It keeps the socket open until the answer is read: the connection may let go of it before.
        self._file = one.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Optional[int]:
        self._one.settimeout(self._deadline.left())
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()
