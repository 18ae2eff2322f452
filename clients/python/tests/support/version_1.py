"""A spool as version 1 wrote it. Frozen: spools like this one exist."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from minutebook.facts import Fact, time_text

_TABLES = """
    CREATE TABLE facts (
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
        UNIQUE (source, id, digest)
    );
    CREATE INDEX facts_by_state ON facts (state, seq);
    CREATE TABLE totals (
        state INTEGER PRIMARY KEY, facts INTEGER NOT NULL, bytes INTEGER NOT NULL
    );
    INSERT INTO totals VALUES (0, 0, 0), (1, 0, 0), (2, 0, 0);
    CREATE TRIGGER facts_added AFTER INSERT ON facts BEGIN
        UPDATE totals SET facts = facts + 1, bytes = bytes + new.bytes WHERE state = new.state;
    END;
    CREATE TRIGGER facts_removed AFTER DELETE ON facts BEGIN
        UPDATE totals SET facts = facts - 1, bytes = bytes - old.bytes WHERE state = old.state;
    END;
    CREATE TRIGGER facts_changed AFTER UPDATE OF state, bytes ON facts BEGIN
        UPDATE totals SET facts = facts - 1, bytes = bytes - old.bytes WHERE state = old.state;
        UPDATE totals SET facts = facts + 1, bytes = bytes + new.bytes WHERE state = new.state;
    END;
    CREATE TABLE position (one INTEGER PRIMARY KEY, position TEXT NOT NULL);
    INSERT INTO position VALUES (1, '7');
    CREATE TABLE sender (
        one INTEGER PRIMARY KEY, token TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL,
        since INTEGER NOT NULL, until INTEGER NOT NULL
    );
    PRAGMA user_version = 1;
"""

_WHY = ("2026-10-05T10:00:00.000Z", "fact_voided", "Do this.", "")


def make(folder: Path) -> Path:
    """Makes an empty spool. Returns its file."""
    folder.mkdir()
    file = folder / "spool.db"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(_TABLES)
    connection.close()
    return file


def keep(file: Path, fact: Fact, moment: datetime, state: int) -> None:
    """Keeps a fact in a state, as a process of version 1 does."""
    time = time_text(moment)
    body = None if state == 2 else fact.event(time)
    size = 0 if body is None else len(body.encode())
    why = _WHY if state == 1 else (None, None, None, None)
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(
            "INSERT INTO facts (source, id, digest, time, state, body, bytes, refused_at, code,"
            " detail, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (fact.source, fact.id, fact.digest(), time, state, body, size, *why),
        )
    connection.close()
