"""What tests share: folders of their own, producers that are closed, things that take a moment."""

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
# In memory, if that can be had: no test cuts the power, and waiting for a disk is most of the
# time they take.
PLACE = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
UNREACHABLE = "http://127.0.0.1:9"


class FolderCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="minutebook-", dir=PLACE))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)


class ProducerCase(FolderCase):
    """A test with producers, and a ledger that answers as it says."""

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
    """What every fact names."""
    return {"session_id": f"rec-{number}", "user_id": "ann", "stt_provider": "google"}


def eventually(probe: Callable[[], T], seconds: float = 10.0) -> T:
    """Waits until something is true; answers it."""
    until = time.monotonic() + seconds
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"it did not happen in {seconds} s: last seen {value!r}")
        time.sleep(0.01)


def environment() -> Dict[str, str]:
    """For other Python processes: they find the package and the tests."""
    paths = f"{PACKAGE / 'src'}{os.pathsep}{PACKAGE / 'tests'}"
    return {**os.environ, "PYTHONPATH": paths}


def python(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """Another Python that runs a program."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
