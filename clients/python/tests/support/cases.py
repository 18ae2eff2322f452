"""Shared by the tests: folders of their own, producers that get closed, waiting for a condition."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any, Callable, Dict, List, TypeVar

from minutebook import Producer, Refused, Trouble

from .stub import Answerer, StubLedger, verdicts

T = TypeVar("T")

logging.getLogger("minutebook").addHandler(logging.NullHandler())

PACKAGE = Path(__file__).resolve().parents[2]
# In memory, if possible: no test cuts the power, and most of their time is waiting for the disk.
PLACE = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
UNREACHABLE = "http://127.0.0.1:9"


class FolderCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="minutebook-", dir=PLACE))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)


class ProducerCase(FolderCase):
    """A test with producers, and a stub ledger that answers as the test says."""

    def setUp(self) -> None:
        super().setUp()
        self.refused: List[Refused] = []
        self.troubles: List[Trouble] = []

    def ledger(self, answer: Answerer = verdicts) -> StubLedger:
        stub = StubLedger(answer)
        self.addCleanup(stub.close)
        return stub

    def producer(self, url: str = UNREACHABLE, **options: Any) -> Producer:
        producer = Producer(
            url,
            **{
                "source": "my/worker",
                "spool": self.folder / "spool",
                "on_refused": self.refused.append,
                "on_trouble": self.troubles.append,
                **options,
            },
        )
        self.addCleanup(producer.close, 0.0)
        return producer


def session(number: int = 1) -> Dict[str, Any]:
    """Returns the fields that every fact names."""
    return {"session_id": f"rec-{number}", "user_id": "ann", "stt_provider": "google"}


def eventually(probe: Callable[[], T], seconds: float = 10.0) -> T:
    """Waits until the probe returns something true, and returns it."""
    until = time.monotonic() + seconds
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"it did not happen in {seconds} s: last seen {value!r}")
        time.sleep(0.01)


def environment() -> Dict[str, str]:
    """Returns an environment in which another Python finds the package and the tests."""
    paths = f"{PACKAGE / 'src'}{os.pathsep}{PACKAGE / 'tests'}"
    return {**os.environ, "PYTHONPATH": paths}


def python(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """Runs a program in another Python process."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
