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
   * @param published where to write the public keys, and the notes in which each key names the next.
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

  /** Looks for a new key. If there is one, it signs from now on, once its handover and its public half are written. */
  async refresh(now: number): Promise<void> {
    const all = await this.signingKeys.all(now);
    const signers = all.map(({ privateKey }) => ({ name: this.origin, privateKey }));
    if (signers.length === this.signers.length) return;
    const keys = signers.map(verifierKey);
    const attested = await this.publish(this.published, signers, keys);
    // All at once: nothing is signed with a key that no handover leads to.
    this.signers = signers;
    this.keys = keys;
    this.notes = attested.notes;
    this.lost = attested.lost;
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
  check(note: string, keys = this.verifierKeys): CheckedNote {
    const checked = checkNote(note, keys);
    if ('signed' in checked && checked.signed.origin !== this.origin) {
      return { fault: `It belongs to another ledger, ${checked.signed.origin}.` };
    }
    return checked;
  }

  private async publish(
    published: Published | undefined,
    signers: readonly NoteSigner[],
    keys: readonly string[],
  ): Promise<{ readonly notes: readonly string[]; readonly lost: readonly string[] }> {
    if (published === undefined) return { notes: [], lost: [] };
    const notes = await this.attest(published, signers, keys);
    await published.publishKeys(keys);
    const all = await published.publishedKeys();
    const lost = all.filter((key) => key.startsWith(`${this.origin}+`) && !keys.includes(key));
    return { notes, lost };
  }

  /** Makes missing handovers, because a rotation may have been interrupted. */
  private async attest(
    published: Published,
    signers: readonly NoteSigner[],
    keys: readonly string[],
  ): Promise<readonly string[]> {
    const notes = await published.handovers();
    const oldestFirst = [...signers].reverse();
    const made: string[] = [];
    for (const [index, next] of oldestFirst.entries()) {
      const old = oldestFirst[index - 1];
      if (old === undefined) continue;
      const [from, to] = [verifierKey(old), verifierKey(next)];
      const there = notes.find((note) => {
        const handover = readHandover(note);
        return handover?.from === from && handover.to === to;
      });
      const note = there ?? (await this.handOver(published, old, next, keys));
      if (there === undefined) await published.keepHandover(to.split('+')[1]!, note);
      made.push(note);
    }
    return made;
  }

  private async handOver(
    published: Published,
    old: NoteSigner,
    next: NoteSigner,
    keys: readonly string[],
  ): Promise<string> {
    const kept = await published.newest();
    const checked = kept && this.check(kept.note, [...keys, ...this.lost]);
    const at = checked !== undefined && 'signed' in checked ? checked.signed : undefined;
    return writeHandover(this.origin, old, next, at && { size: at.size, root: at.root });
  }
}
