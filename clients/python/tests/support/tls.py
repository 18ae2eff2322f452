"""A server's key, for tests only, and its self-signed certificate for ``localhost``."""

from __future__ import annotations

import ssl
import tempfile

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBbzCCARSgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlUZXN0IG9u
bHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CVRlc3Qgb25seTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMmFh8RdQuEbB5XH
vJw/UqMqnDK1XfU6BSn/B2HWAIZbjX0J2NW+aWPBDHn3C7D3ZQHnAoPm3GciqoTZ
syNcBIyjVTBTMA8GA1UdEwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJbG9jYWxob3N0
MAsGA1UdDwQEAwIChDAdBgNVHQ4EFgQU5gqanvTWnhfDkCbPQnU3DL2aspcwCgYI
KoZIzj0EAwIDSQAwRgIhAMeFypPPOJQXE/wB2pZ5kD5yXtyaHRg0h0+wjLvlb8CG
AiEAyDCmMoGeDeUOdpJTyY93zDr78iJocbv90aKIcb4G9rg=
-----END CERTIFICATE-----
"""
"""Valid from 2020 to 2120."""

_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPbHemwPeDi3alAj3
Bu4F6OmuAFDWtgAJO5PLIiXGLNmhRANCAATJhYfEXULhGweVx7ycP1KjKpwytV31
OgUp/wdh1gCGW419CdjVvmljwQx59wuw92UB5wKD5txnIqqE2bMjXASM
-----END PRIVATE KEY-----
"""


def tls_of_a_server() -> ssl.SSLContext:
    """Returns what a server for ``localhost`` needs to speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(_KEY + CERTIFICATE)
        file.flush()
        context.load_cert_chain(file.name)
    return context
