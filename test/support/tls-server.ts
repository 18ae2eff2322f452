import { mkdtempSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key that nobody uses but tests, and its certificate: for `localhost`, of no authority but itself, from 2020 to 2120. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPbHemwPeDi3alAj3
Bu4F6OmuAFDWtgAJO5PLIiXGLNmhRANCAATJhYfEXULhGweVx7ycP1KjKpwytV31
OgUp/wdh1gCGW419CdjVvmljwQx59wuw92UB5wKD5txnIqqE2bMjXASM
-----END PRIVATE KEY-----
`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBbzCCARSgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlUZXN0IG9u
bHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CVRlc3Qgb25seTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMmFh8RdQuEbB5XH
vJw/UqMqnDK1XfU6BSn/B2HWAIZbjX0J2NW+aWPBDHn3C7D3ZQHnAoPm3GciqoTZ
syNcBIyjVTBTMA8GA1UdEwEB/wQFMAMBAf8wFAYDVR0RBA0wC4IJbG9jYWxob3N0
MAsGA1UdDwQEAwIChDAdBgNVHQ4EFgQU5gqanvTWnhfDkCbPQnU3DL2aspcwCgYI
KoZIzj0EAwIDSQAwRgIhAMeFypPPOJQXE/wB2pZ5kD5yXtyaHRg0h0+wjLvlb8CG
AiEAyDCmMoGeDeUOdpJTyY93zDr78iJocbv90aKIcb4G9rg=
-----END CERTIFICATE-----
`;

/** A server of HTTP/2 over TLS that nobody knows the authority of. */
export function aTlsServer(): Server {
  return createSecureServer({ key: KEY, cert: CERTIFICATE });
}

/** A file with the certificate of the authority of {@link aTlsServer}. */
export function itsAuthority(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'minutebook-')), 'ca.pem');
  writeFileSync(path, CERTIFICATE);
  return path;
}

/** Writes the key and its certificate into a folder, as a service reads them. */
export function writeTlsFiles(folder: string): {
  readonly certificate: string;
  readonly key: string;
} {
  const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.certificate, CERTIFICATE);
  writeFileSync(files.key, KEY);
  return files;
}
