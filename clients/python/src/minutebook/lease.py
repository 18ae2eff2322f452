"""Lets one of those that share a spool send, until it is done, dies or takes too long."""

from __future__ import annotations

import os
import socket
import sqlite3
import time
import uuid

_PROCESS = uuid.uuid4().hex


def new_token() -> str:
    """Makes a token that names a sender and its process."""
    return f"{_PROCESS}.{uuid.uuid4().hex}"


def take(rows: sqlite3.Connection, token: str, seconds: float) -> bool:
    """Makes this the sender for ``seconds``. Returns False while another live sender has time."""
    now = now_ms()
    row = rows.execute("SELECT token, pid, host, since, until FROM sender").fetchone()
    if row is not None and row[0] != token and row[3] <= now < row[4]:
        if row[2] != socket.gethostname() or _lives(str(row[0]), int(row[1])):
            return False
    rows.execute(
        "INSERT OR REPLACE INTO sender VALUES (1, ?, ?, ?, ?, ?)",
        (token, os.getpid(), socket.gethostname(), now, now + int(seconds * 1000)),
    )
    return True


def give_up(rows: sqlite3.Connection, token: str) -> None:
    """Gives up sending, so that others can send."""
    rows.execute("DELETE FROM sender WHERE token = ?", (token,))


def now_ms() -> int:
    """Reads the wall clock, which other processes share. It may be set back."""
    return int(time.time() * 1000)


def _lives(token: str, pid: int) -> bool:
    """Whether a process lives. A wrong guess costs a wait or a request, never a fact."""
    if pid == os.getpid():
        # An earlier process may have had the same pid, as in a restarted container.
        return token.startswith(_PROCESS)
    if os.name != "posix":
        return True  # Windows has no signal that only checks.
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether the process has ended but its parent has not reaped it yet."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] in ("Z", "X")
    except (OSError, IndexError):
        return False
