import { mkdtempSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key that only tests use, and its self-signed certificate for `localhost`, valid from 2020 to 2120. */
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

/** Another key and certificate for the same name. */
const OTHER_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrPt1db2tAJMJGC8u
u25U5WXyKighP5ZA/k0pmbfT07uhRANCAARGcEosFJ+3PtLWJLN36k8LjPXCDb6X
BozZO27SEocOup9sY32MifGP+ZX8eqyOBH2n02lyugyACuKRVtmy3GvH
-----END PRIVATE KEY-----
`;
const OTHER_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIURPsH1DRE0jHaZZg0kisfR+Ggy80wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJVGVzdCBvbmx5MCAXDTI2MTEyOTAzMDA1NFoYDzIxMjYxMTA1
MDMwMDU0WjAUMRIwEAYDVQQDDAlUZXN0IG9ubHkwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARGcEosFJ+3PtLWJLN36k8LjPXCDb6XBozZO27SEocOup9sY32MifGP
+ZX8eqyOBH2n02lyugyACuKRVtmy3GvHo2kwZzAdBgNVHQ4EFgQUXWovUsunRPmM
aKckGaTjiLUoSa4wHwYDVR0jBBgwFoAUXWovUsunRPmMaKckGaTjiLUoSa4wDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhAIW8hllbd5PJSGFlWqQ+Fe1JtCIBGmeT5PAancL8jM6NAiEAzXrQrnVq
XS4MYXC2Oc9nVBHXBfBcNV87EpA1gz9YwTs=
-----END CERTIFICATE-----
`;

/** An HTTP/2 server over TLS whose authority nobody trusts. */
export function aTlsServer(): Server {
  return createSecureServer({ key: KEY, cert: CERTIFICATE });
}

/** A file with the certificate of the authority of {@link aTlsServer}. */
export function itsAuthority(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'minutebook-')), 'ca.pem');
  writeFileSync(path, CERTIFICATE);
  return path;
}

/** Files in a folder that hold a key and its certificate, in the form that a service reads. */
export class TlsFolder {
  readonly certificate: string;
  readonly key: string;

  constructor(folder: string) {
    [this.certificate, this.key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(this.certificate, CERTIFICATE);
    writeFileSync(this.key, KEY);
  }

  renewCertificate(): void {
    writeFileSync(this.certificate, OTHER_CERTIFICATE);
  }

  renewKey(): void {
    writeFileSync(this.key, OTHER_KEY);
  }
}
