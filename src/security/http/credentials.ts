import type { Caller } from '../caller';
import type { Tokens } from '../jwt/tokens';
import type { KeyRing } from '../keys/key-ring';
import { looksLikeKey } from '../keys/key-text';
import type { Authenticator } from './guard';

/** A token as RFC 7519 writes it: three parts. A key has only one. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Finds out who sends a request: the ring checks keys, the issuer's keys check tokens. */
export class Credentials implements Authenticator {
  constructor(
    private readonly ring: Pick<KeyRing, 'callerOf'>,
    private readonly tokens: Pick<Tokens, 'callerOf'> | undefined,
  ) {}

  callerOf(credential: string): Caller | Promise<Caller> {
    if (this.tokens !== undefined && !looksLikeKey(credential) && TOKEN.test(credential)) {
      return this.tokens.callerOf(credential);
    }
    return this.ring.callerOf(credential);
  }
}
