"""A server that answers as a test says, and remembers its requests."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, Optional, Tuple


@dataclass(frozen=True)
class Said:
    """An answer. Its body is sent as JSON unless it is bytes."""

    status: int
    body: Any = None
    headers: Dict[str, str] = field(default_factory=lambda: {})


@dataclass(frozen=True)
class Sent:
    """A request. ``events`` are those of its batch."""

    method: str
    path: str
    headers: Dict[str, str]
    body: bytes

    @cached_property
    def events(self) -> List[Dict[str, Any]]:
        zipped = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if zipped else self.body)


Answerer = Callable[[Sent], Said]


def verdicts(sent: Sent, say: Optional[Callable[[Dict[str, Any]], Dict[str, Any]]] = None) -> Said:
    """Answers a batch as a ledger does; ``say`` makes each event's verdict."""
    results: List[Dict[str, Any]] = []
    for event in sent.events:
        named = {"id": event["id"], "source": event["source"]}
        results.append(
            {**named, **(say(event) if say else {"status": "recorded", "position": "7"})}
        )
    rejected = any(one["status"] == "rejected" for one in results)
    return Said(207 if rejected else 200, {"position": "7", "results": results})


def rejected(code: str, *fields: str) -> Dict[str, Any]:
    """Returns a verdict that refuses an event."""
    return {
        "status": "rejected",
        "position": None,
        "code": code,
        "detail": "Do this.",
        "pointer": None,
        "fields": list(fields) or None,
    }


def problem(status: int, code: str, **headers: str) -> Said:
    """Returns an RFC 9457 answer; header names are given with underscores."""
    body = {"status": status, "code": code, "detail": "Do this."}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status, body, {"content-type": "application/problem+json", **named})


class StubLedger:
    """A stub ledger on its own port. ``answer`` may be changed while it serves."""

    def __init__(self, answer: Answerer = verdicts, tls: Optional[ssl.SSLContext] = None) -> None:
        self.answer = answer
        self.sent: List[Sent] = []
        self.connections = 0
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                stub.connections += 1
                super().setup()

            def log_message(self, format: str, *args: Any) -> None:
                ...

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length", "0"))
                body = self.rfile.read(length)
                if len(body) < length:
                    # The sender ended in the middle of the body: a ledger ignores that too.
                    self.close_connection = True
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                sent = Sent(self.command, self.path, headers, body)
                stub.sent.append(sent)
                self._say(stub.answer(sent))

            do_POST = do_GET

            def _say(self, said: Said) -> None:
                raw = isinstance(said.body, bytes)
                content: bytes = said.body if raw else json.dumps(said.body).encode()
                self.send_response(said.status)
                for name, value in {"content-type": "application/json", **said.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                ...

        self._server = Server(("127.0.0.1", 0), Handler)
        self._origin = "http://127.0.0.1" if tls is None else "https://localhost"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        address: Tuple[Any, ...] = self._server.server_address
        return f"{self._origin}:{address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
