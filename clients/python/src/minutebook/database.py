"""The spool's file: an SQLite database that threads, processes and their forks may share."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Generator, List, Optional

from . import forks
from .errors import SpoolError
from .schema import ADD_SESSION, SCHEMA, VERSION

_BUSY_SECONDS = 30.0


class Database(forks.Forking):
    """One connection, for one thread at a time; opened when needed, and again after a fork."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "spool.db"
        self._lock = threading.RLock()
        self._connection: Optional[sqlite3.Connection] = None
        self._inode = 0
        # Connections that the parent opened before a fork: using or closing one here would break
        # the parent's locks.
        self._foreign: List[sqlite3.Connection] = []
        self._closed = False
        forks.register(self)
        with self.transaction():
            pass

    @contextmanager
    def transaction(self, durable: bool = True) -> Generator[sqlite3.Connection, None, None]:
        """Runs a transaction that locks out all others. If ``durable``, it is on disk when it ends.

        Raises SpoolError if it fails: then all of it is rolled back.
        """
        with self._lock:
            try:
                connection = self._open()
                connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._let_go()
                raise SpoolError(f"The spool {self._path} can't be used: {error}.") from error
            except BaseException:
                self._let_go()
                raise

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection, None, None]:
        """Yields a connection for a single statement that only reads. Raises SpoolError."""
        with self._lock:
            try:
                yield self._open()
            except sqlite3.Error as error:
                self._let_go()
                raise SpoolError(f"The spool {self._path} can't be read: {error}.") from error

    def close(self) -> None:
        """Closes the file for good."""
        with self._lock:
            self._closed = True
            self._let_go()

    def _open(self) -> sqlite3.Connection:
        if self._closed:
            raise SpoolError("The producer is closed.")
        if self._connection is not None and self._inode != _inode(self._path):
            self._let_go()
            raise SpoolError(
                f"The spool {self._path} was deleted or replaced while it was in use. "
                "Facts waiting in it are lost; new ones go into a new spool."
            )
        if self._connection is None:
            self._connection = self._connect()
            self._inode = _inode(self._path)
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        _create(self._path)
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _let_go(self) -> None:
        """Closes the connection, which rolls back what was not committed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def before_fork(self) -> None:
        self._lock.acquire()
        self._let_go()

    def after_fork_in_parent(self) -> None:
        self._lock.release()

    def after_fork_in_child(self) -> None:
        self._lock = threading.RLock()
        if self._connection is not None:  # A fork without Python's before-fork hooks.
            self._foreign.append(self._connection)
            self._connection = None


def _create(path: Path) -> None:
    """Creates the file if it is missing, readable by its owner only: it holds personal fields.

    Does not open an existing file: closing any handle of an SQLite file drops the locks that this
    process holds on it.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise SpoolError(f"The spool {path} can't be made: {error}.") from error
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _prepare(connection: sqlite3.Connection) -> None:
    _use_wal(connection)
    connection.execute("PRAGMA fullfsync=ON")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA journal_size_limit=16777216")
    version = _version(connection)
    if version > VERSION:
        raise SpoolError("The spool was made by a newer version of this package: use that one.")
    if version < VERSION:
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have updated it meanwhile.
        if _version(connection) == 1:
            connection.execute(ADD_SESSION)
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={VERSION}")
        connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switches to WAL. Waits for others doing the same, as SQLite's busy timeout does not."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0
