import type { SigningKeys } from '../../security/signing-keys';
import { checkNote, signRoot, verifierKey, type CheckedNote, type NoteSigner } from './signed-note';

/** The name that a ledger's roots are signed under and that their notes begin with. */
export function originOf(ledgerId: string): string {
  return `minutebook/${ledgerId}`;
}

/** Signs roots of one ledger with its newest key, and checks notes against all that it had. */
export class LedgerSigner {
  private constructor(
    readonly origin: string,
    private readonly signer: NoteSigner,
    /** Newest first. */
    readonly verifierKeys: readonly string[],
  ) {}

  /** @param now milliseconds since 1970: a ledger without a key gets one. */
  static async of(ledgerId: string, keys: SigningKeys, now: number): Promise<LedgerSigner> {
    const origin = originOf(ledgerId);
    const signers = (await keys.all(now)).map(({ privateKey }) => ({ name: origin, privateKey }));
    return new LedgerSigner(origin, signers[0]!, signers.map(verifierKey));
  }

  /** The verifier key of the signatures made now. */
  get verifierKey(): string {
    return this.verifierKeys[0]!;
  }

  /** @param root lower-case hex. */
  sign(size: number, root: string): string {
    return signRoot({ origin: this.origin, size, root }, this.signer);
  }

  /** What a note says; or why it can't be believed, as a sentence. */
  check(note: string): CheckedNote {
    const checked = checkNote(note, this.verifierKeys);
    if ('signed' in checked && checked.signed.origin !== this.origin) {
      return { fault: `It is of another ledger, ${checked.signed.origin}.` };
    }
    return checked;
  }
}
