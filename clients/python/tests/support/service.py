"""A real ledger: the compiled service in its own process, which a test may kill."""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional
from urllib.request import Request, urlopen

from minutebook import LedgerError, Producer, Reader

from .cases import PACKAGE, PLACE, ProducerCase

MAIN = Path(os.environ.get("MINUTEBOOK_MAIN") or PACKAGE.parents[1] / "dist" / "main.js")
"""The service's program; without the variable, the one that ``npm run build`` makes."""

_START_SECONDS = 180.0

needs_service = unittest.skipUnless(
    MAIN.exists(), "needs the service: npm run build, or MINUTEBOOK_MAIN"
)


class Service:
    """A service that keeps its port and folder over restarts."""

    def __init__(self, folder: Path, environment: Optional[Mapping[str, str]] = None) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = dict(environment or {})
        self._process: Optional["subprocess.Popen[bytes]"] = None
        self.start()

    def start(self) -> None:
        """Starts it and waits until it listens."""
        log = open(self.folder.with_suffix(".log"), "wb")
        node = os.environ.get("MINUTEBOOK_NODE", "node")
        environment = {
            **os.environ,
            "DATA_DIR": str(self.folder),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            **self._environment,
        }
        self._process = subprocess.Popen([node, str(MAIN)], env=environment, stdout=log, stderr=log)
        log.close()
        until = time.monotonic() + _START_SECONDS
        while not re.search(rb"listens on \S+", self.said()):
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"the service did not start: {self.said().decode()}")
            time.sleep(0.02)

    def said(self) -> bytes:
        """Returns what it has printed since its last start."""
        return self.folder.with_suffix(".log").read_bytes()

    def kill(self) -> None:
        """Kills the process without warning, as a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def key(self, role: str) -> Optional[str]:
        """Returns a role's key; None if the service has no keys."""
        try:
            return json.loads((self.folder / "initial-keys.json").read_text())[role]
        except FileNotFoundError:
            return None

    def write(self, method: str, path: str, body: Any) -> Dict[str, Any]:
        """Makes a write as finance."""
        headers = {"content-type": "application/json", "idempotency-key": f"{method} {path}"}
        key = self.key("finance")
        if key is not None:
            headers["authorization"] = f"Bearer {key}"
        request = Request(self.url + path, json.dumps(body).encode(), headers, method=method)
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def facts(self) -> List[Dict[str, Any]]:
        """Returns all producers' facts in the ledger, in ledger order."""
        reader = Reader(self.url, key=self.key("finance"), timeout=60)
        found: List[Dict[str, Any]] = []
        cursor: Optional[str] = None
        while True:
            page = reader.get("/v1/audit/events", {"limit": 500, "cursor": cursor})
            found.extend(one for one in page["items"] if one["type"].startswith("transcription."))
            cursor = page["next_cursor"]
            if cursor is None:
                reader.close()
                return found


class ServiceCase(ProducerCase):
    """A test with a real ledger, shared by all classes with the same ``ledger_name``."""

    ledger_name = "shared"
    _services: Dict[str, Service] = {}
    service: Service

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        if cls.ledger_name not in cls._services:
            place = Path(tempfile.mkdtemp(prefix="minutebook-service-", dir=PLACE))
            atexit.register(shutil.rmtree, place, ignore_errors=True)
            cls._services[cls.ledger_name] = Service(place / "ledger")
            atexit.register(cls._services[cls.ledger_name].kill)
        cls.service = cls._services[cls.ledger_name]

    def to_ledger(self, **options: Any) -> Producer:
        key = self.service.key("producer")
        return self.producer(self.service.url, **{"key": key, "max_backoff": 0.5, **options})

    def reader(self, **options: Any) -> Reader:
        reader = Reader(self.service.url, **{"key": self.service.key("reader"), **options})
        self.addCleanup(reader.close)
        return reader

    def assert_code(self, code: str, error: LedgerError) -> None:
        self.assertEqual(error.code, code, str(error))


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
