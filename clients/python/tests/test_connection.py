from __future__ import annotations

import socket
import ssl
import threading
import time
from typing import Tuple
from unittest import mock

from minutebook import LedgerError
from minutebook.connection import Connection
from minutebook.http import Http
from support.cases import ProducerCase
from support.stub import Said, StubLedger
from support.tls import CERTIFICATE, tls_of_a_server

Address = Tuple[str, int]


class Connecting(ProducerCase):
    def http(self) -> Http:
        http = Http("http://ledger.test:3000", None, None)
        self.addCleanup(http.close)
        return http

    def lead_to(self, *addresses: Address) -> None:
        """Makes the name of each host lead to these addresses."""
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one) for one in addresses]
        patch = mock.patch("socket.getaddrinfo", return_value=found)
        patch.start()
        self.addCleanup(patch.stop)

    def silent(self) -> Address:
        """Returns an address that does not answer: its queue of connections is full."""
        server = self.socket()
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(1_000):
            waiting = self.socket()
            waiting.settimeout(0.2)
            try:
                waiting.connect(server.getsockname())
            except socket.timeout:
                return server.getsockname()
        self.skipTest("this system's queues never fill")

    def trickling(self, head: bytes) -> Address:
        """Returns the address of a server that sends this, and then a byte 20 times a second."""
        server = self.socket()
        server.bind(("127.0.0.1", 0))
        server.listen(1)

        def serve() -> None:
            one, _ = server.accept()
            with one:
                one.recv(65_536)
                try:
                    one.sendall(head)
                    for _ in range(80):
                        time.sleep(0.05)
                        one.sendall(b"x")
                except OSError:
                    pass  # The client has gone.

        threading.Thread(target=serve, daemon=True).start()
        return server.getsockname()

    def socket(self) -> socket.socket:
        one = socket.socket()
        self.addCleanup(one.close)
        return one

    def seconds_until_unreachable(self, timeout: float) -> float:
        begun = time.monotonic()
        with self.assertRaises(LedgerError) as caught:
            self.http().request("GET", "/", timeout)
        self.assertEqual(caught.exception.code, "unreachable")
        return time.monotonic() - begun

    def test_two_addresses_that_do_not_answer_take_no_longer_than_one(self) -> None:
        self.lead_to(self.silent(), self.silent())
        self.assertLess(self.seconds_until_unreachable(1), 1.7)

    def test_an_address_that_does_not_answer_leaves_time_for_the_next(self) -> None:
        stub = self.ledger(lambda _: Said(200, {}))
        self.lead_to(self.silent(), ("127.0.0.1", int(stub.url.rsplit(":", 1)[1])))
        begun = time.monotonic()
        self.assertEqual(self.http().request("GET", "/", 2).status, 200)
        self.assertLess(time.monotonic() - begun, 1.8)

    def test_an_answer_that_trickles_in_takes_no_longer_than_the_timeout(self) -> None:
        for head in (
            b"x-a: ",
            b"content-length: 80\r\n\r\n",
            b"transfer-encoding: chunked\r\n\r\n50\r\n",
        ):
            self.lead_to(self.trickling(b"HTTP/1.1 200 OK\r\n" + head))
            self.assertLess(self.seconds_until_unreachable(0.5), 2, head)

    def test_large_bodies_arrive_whole_on_one_connection_with_and_without_tls(self) -> None:
        body = bytes(range(256)) * 20_000
        for tls in (None, tls_of_a_server()):
            stub = StubLedger(lambda _: Said(200, body), tls)
            self.addCleanup(stub.close)
            http = Http(stub.url, None, ssl.create_default_context(cadata=CERTIFICATE))
            for _ in range(2):
                self.assertTrue(http.request("POST", "/", 30, body).body == body)
            http.close()
            self.assertEqual([one.body == body for one in stub.sent], [True, True])
            self.assertEqual(stub.connections, 1)

    def test_a_certificate_that_nobody_trusts_ends_the_request(self) -> None:
        stub = StubLedger(lambda _: Said(200, {}), tls_of_a_server())
        self.addCleanup(stub.close)
        http = Http(stub.url, None, None)
        with self.assertRaises(LedgerError) as caught:
            http.request("GET", "/", 10)
        self.assertEqual(caught.exception.code, "unreachable")
        self.assertIn("certificate", caught.exception.detail)
        self.assertEqual(stub.sent, [])

    def test_the_port_is_that_of_the_scheme_if_the_url_names_none(self) -> None:
        tls = ssl.create_default_context()
        for host in ("ledger.test", "10.0.0.1", "::1"):
            for context, port in ((None, 80), (tls, 443)):
                connection = Connection(host, None, context)
                self.assertEqual((connection.host, connection.port), (host, port))
