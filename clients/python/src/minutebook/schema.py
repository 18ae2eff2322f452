"""The tables of the spool. Their version is the file's ``user_version``."""

from __future__ import annotations

from typing import Tuple

VERSION = 2

WAITING, REFUSED, SENT = 0, 1, 2
"""States of a fact: waiting to be sent; refused by the ledger for good; sent. A sent fact keeps
only its names, time and digest.
"""

ADD_SESSION = "ALTER TABLE facts ADD COLUMN session TEXT"
"""Updates version 1. Its rows are not rewritten: they name no session, nor do those that a process
of version 1 adds afterwards.
"""

_TOTALS = """    UPDATE totals SET facts = facts {sign} 1, bytes = bytes {sign} {row}.bytes
    WHERE state = {row}.state;
"""

SCHEMA: Tuple[str, ...] = (
    """
    CREATE TABLE IF NOT EXISTS facts (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        source TEXT NOT NULL,
        id TEXT NOT NULL,
        digest BLOB NOT NULL,
        time TEXT NOT NULL,
        state INTEGER NOT NULL,
        body TEXT,
        bytes INTEGER NOT NULL,
        held_at INTEGER,
        due_at INTEGER,
        told INTEGER NOT NULL DEFAULT 0,
        refused_at TEXT,
        code TEXT,
        detail TEXT,
        pointer TEXT,
        fields TEXT,
        session TEXT,
        UNIQUE (source, id, digest)
    )
    """,
    "CREATE INDEX IF NOT EXISTS facts_by_session ON facts (source, id, session)",
    "CREATE INDEX IF NOT EXISTS facts_by_state ON facts (state, seq)",
    """
    CREATE TABLE IF NOT EXISTS totals (
        state INTEGER PRIMARY KEY, facts INTEGER NOT NULL, bytes INTEGER NOT NULL
    )
    """,
    "INSERT OR IGNORE INTO totals VALUES (0, 0, 0), (1, 0, 0), (2, 0, 0)",
    f"""
    CREATE TRIGGER IF NOT EXISTS facts_added AFTER INSERT ON facts BEGIN
        {_TOTALS.format(sign="+", row="new")}
    END
    """,
    f"""
    CREATE TRIGGER IF NOT EXISTS facts_removed AFTER DELETE ON facts BEGIN
        {_TOTALS.format(sign="-", row="old")}
    END
    """,
    f"""
    CREATE TRIGGER IF NOT EXISTS facts_changed AFTER UPDATE OF state, bytes ON facts BEGIN
        {_TOTALS.format(sign="-", row="old")}
        {_TOTALS.format(sign="+", row="new")}
    END
    """,
    # Each of the next two tables has at most one row.
    "CREATE TABLE IF NOT EXISTS position (one INTEGER PRIMARY KEY, position TEXT NOT NULL)",
    """
    CREATE TABLE IF NOT EXISTS sender (
        one INTEGER PRIMARY KEY, token TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL,
        since INTEGER NOT NULL, until INTEGER NOT NULL
    )
    """,
)
