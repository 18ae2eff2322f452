import type { SigningKeys } from '../../security/signing-keys';
import type { GivenUpRoot } from '../../domain/ledger';
import { readHandover, writeHandover } from './handover';
import { writeRestoreNote } from './restore-note';
import type { RootArchive } from './root-archive';
import { checkNote, signRoot, verifierKey, type CheckedNote, type NoteSigner } from './signed-note';

/** Where published keys and handovers are stored. */
type Published = Pick<
  RootArchive,
  'newest' | 'publishKeys' | 'publishedKeys' | 'handovers' | 'keepHandover'
>;

/** Returns the name under which a ledger's roots are signed. Their notes begin with it. */
export function originOf(ledgerId: string): string {
  return `minutebook/${ledgerId}`;
}

/** Signs roots of one ledger with its newest key, and checks notes against all keys that it has had. */
export class LedgerSigner {
  /** Newest first. */
  private signers: readonly NoteSigner[] = [];
  private keys: readonly string[] = [];
  /** Keys that once signed for this ledger, and whose private half is gone. */
  private lost: readonly string[] = [];
  private notes: readonly string[] = [];

  private constructor(
    readonly origin: string,
    private readonly signingKeys: SigningKeys,
    private readonly published: Published | undefined,
  ) {}

  /**
   * @param now milliseconds since 1970, for the first key of a ledger that has none.
   * @param published where to write the public keys, and the note in which each names the next.
   */
  static async of(
    ledgerId: string,
    keys: SigningKeys,
    now: number,
    published?: Published,
  ): Promise<LedgerSigner> {
    const signer = new LedgerSigner(originOf(ledgerId), keys, published);
    await signer.refresh(now);
    return signer;
  }

  /** The keys that exist here, newest first, then those that were published and are gone. */
  get verifierKeys(): readonly string[] {
    return [...this.keys, ...this.lost];
  }

  /** Published keys that are not in `keys.db`, because it was lost or replaced. */
  get lostKeys(): readonly string[] {
    return this.lost;
  }

  /** The verifier key of new signatures. */
  get verifierKey(): string {
    return this.keys[0]!;
  }

  /** The notes in which each key names the next, oldest first. */
  get handovers(): readonly string[] {
    return this.notes;
  }

  /** Looks for a new key. If there is one, it signs from now on. */
  async refresh(now: number): Promise<void> {
    const all = await this.signingKeys.all(now);
    const signers = all.map(({ privateKey }) => ({ name: this.origin, privateKey }));
    if (signers.length === this.signers.length) return;
    this.signers = signers;
    this.keys = signers.map(verifierKey);
    if (this.published === undefined) return;
    this.notes = await this.attest(this.published);
    await this.published.publishKeys(this.keys);
    const published = await this.published.publishedKeys();
    this.lost = published.filter(
      (key) => key.startsWith(`${this.origin}+`) && !this.keys.includes(key),
    );
  }

  /** @param root lower-case hex. */
  sign(size: number, root: string): string {
    return signRoot({ origin: this.origin, size, root }, this.signers[0]!);
  }

  /** Returns the note in which the newest key gives up roots that were signed before. */
  signRestore(size: number, root: string, givenUp: readonly GivenUpRoot[]): string {
    return writeRestoreNote({ origin: this.origin, size, root }, givenUp, this.signers[0]!);
  }

  /** Returns what a note says, or a sentence that says why it can't be trusted. */
  check(note: string): CheckedNote {
    const checked = checkNote(note, this.verifierKeys);
    if ('signed' in checked && checked.signed.origin !== this.origin) {
      return { fault: `It is of another ledger, ${checked.signed.origin}.` };
    }
    return checked;
  }

  /** Makes missing handovers, because a rotation may have been interrupted. */
  private async attest(published: Published): Promise<readonly string[]> {
    const notes = await published.handovers();
    const oldestFirst = [...this.signers].reverse();
    const made: string[] = [];
    for (const [index, next] of oldestFirst.entries()) {
      const old = oldestFirst[index - 1];
      if (old === undefined) continue;
      const [from, to] = [verifierKey(old), verifierKey(next)];
      const there = notes.find((note) => {
        const handover = readHandover(note);
        return handover?.from === from && handover.to === to;
      });
      const note = there ?? (await this.handOver(published, old, next));
      if (there === undefined) await published.keepHandover(to.split('+')[1]!, note);
      made.push(note);
    }
    return made;
  }

  private async handOver(published: Published, old: NoteSigner, next: NoteSigner): Promise<string> {
    const kept = await published.newest();
    const checked = kept === undefined ? undefined : this.check(kept.note);
    const at = checked !== undefined && 'signed' in checked ? checked.signed : undefined;
    return writeHandover(this.origin, old, next, at && { size: at.size, root: at.root });
  }
}
