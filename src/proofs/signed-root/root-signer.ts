import { consistencyProof, rootAt } from '../../domain/merkle-proofs';
import { Problem } from '../../http/problem';
import type { ReadModel, ReadModelSnapshot } from '../../read-model/queries';
import type { SignedHead, SignedHeads } from '../../security/signed-head';
import { tilesOf } from '../tiles';
import type { LedgerSigner } from './ledger-signer';
import type { KeptRoot, RootArchive } from './root-archive';
import { counted } from '../../lib/counted';

/** How often it tries again if another instance signs in between. */
const TRIES = 20;

/** What a root signer needs. */
export interface RootSignerParts {
  readonly signer: LedgerSigner;
  readonly heads: SignedHeads;
  readonly archive: Pick<RootArchive, 'newest' | 'cosigned' | 'givenUp'>;
  /** The live read model, which has the ledger's Merkle tiles. */
  readonly readModel: ReadModel;
  /** Returns the last position of the event store. */
  readonly storeHead: () => Promise<number>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A cosigned root, with a proof that it belongs to one history with another root of the ledger. */
export interface Witnessed {
  /** The signed note with its cosignatures. */
  readonly checkpoint: string;
  /** The consistency proof between the smaller and the larger of the two roots, in lower-case hex. */
  readonly proof: readonly string[];
}

/**
 * The one place that signs roots of the ledger. Before each signature it checks that the ledger continues the longest
 * history ever signed, and then stores the new one with the keys. So it never signs two different histories.
 */
export class RootSigner {
  private fault: string | undefined;

  constructor(private readonly parts: RootSignerParts) {}

  /** A sentence that says why nothing is signed; `undefined` while all is well. */
  get trouble(): string | undefined {
    return this.fault;
  }

  get verifierKey(): string {
    return this.parts.signer.verifierKey;
  }

  /** Newest first. */
  get verifierKeys(): readonly string[] {
    return this.parts.signer.verifierKeys;
  }

  /** The notes in which each key names the next, oldest first. */
  get handovers(): readonly string[] {
    return this.parts.signer.handovers;
  }

  /**
   * Signs the root of the ledger's first `size` events with the newest key.
   * @param root lower-case hex; if given, it must equal the ledger's.
   * @returns the note (C2SP checkpoint).
   * @throws Problem `ledger_changed` if the ledger does not continue what was signed before, and `not_caught_up` while
   * that is not known yet.
   */
  async sign(size: number, root?: string): Promise<string> {
    const { signer, now } = this.parts;
    await signer.refresh(now());
    const own = await this.vouch(size, root);
    return signer.sign(size, own);
  }

  /**
   * Returns the roots that witnesses cosigned, each with a proof that it belongs to one history with the first `size`
   * events. Leaves out roots that can't be proved yet because the read model is behind, and those that were given up.
   */
  async witnessed(size: number): Promise<readonly Witnessed[]> {
    const { archive, readModel } = this.parts;
    const roots = await archive.cosigned();
    if (roots.length === 0) return [];
    const givenUp = new Set((await archive.givenUp()).map(checkpointOf));
    return readModel.read(async (rows) => {
      const counted = (await rows.standing())?.size ?? 0;
      const proven: Witnessed[] = [];
      for (const kept of roots) {
        const [first, second] = [Math.min(size, kept.size), Math.max(size, kept.size)];
        if (second > counted) continue;
        // An interrupted accept-restore may have left this copy. What the ledger has after all still counts.
        if (givenUp.has(checkpointOf(kept)) && !(await isOwn(kept, rows))) continue;
        const proof = await consistencyProof(first, second, tilesOf(rows));
        proven.push({ checkpoint: kept.note, proof: proof.map((hash) => hash.toString('hex')) });
      }
      return proven;
    });
  }

  /** Checks that the ledger continues what was signed before. @throws Problem as {@link sign}. */
  async check(): Promise<void> {
    const anchors = await this.anchors();
    await this.parts.readModel.read((rows) => this.checkAnchors(rows, anchors));
  }

  /**
   * Checks that the ledger continues what was signed before, then moves the signed head to its first `size` events.
   * Returns their root.
   */
  private async vouch(size: number, root: string | undefined): Promise<string> {
    const { heads, readModel } = this.parts;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await heads.signedHead();
      const anchors = await this.anchors(before);
      const own = await readModel.read(async (rows) => {
        await this.checkAnchors(rows, anchors);
        return this.rootOf(rows, size);
      });
      if (root !== undefined && root !== own) {
        throw this.refuse(
          `The root of the first ${counted(size, 'event')} is ${own}, but ${root} was to be signed.`,
        );
      }
      if (before !== undefined && size <= before.size) return own;
      if (await heads.moveSignedHead(before, { size, root: own })) return own;
    }
    throw new Problem('overloaded', 'Other instances keep signing. Try again in a second.');
  }

  /** Returns the roots that the ledger must continue: the head stored with the keys, and the newest stored root. */
  private async anchors(head?: SignedHead): Promise<readonly SignedHead[]> {
    const { archive, heads, signer } = this.parts;
    const known = head ?? (await heads.signedHead());
    const kept = await archive.newest();
    const anchors = known === undefined ? [] : [known];
    if (kept === undefined) return anchors;
    const checked = signer.check(kept.note);
    if ('fault' in checked) {
      throw this.refuse(
        `The newest signed root, of ${counted(kept.size, 'event')}, can't be trusted: ${checked.fault}`,
      );
    }
    return [...anchors, { size: checked.signed.size, root: checked.signed.root }];
  }

  private async checkAnchors(
    rows: ReadModelSnapshot,
    anchors: readonly SignedHead[],
  ): Promise<void> {
    for (const { size, root } of anchors) {
      const own = await this.rootOf(rows, size, 'A root of');
      if (own === root) continue;
      throw this.refuse(
        `The first ${counted(size, 'event')} of the ledger are not those whose root ${root} was signed.`,
      );
    }
    this.fault = undefined;
  }

  private async rootOf(rows: ReadModelSnapshot, size: number, signed?: string): Promise<string> {
    const standing = await rows.standing();
    const here = standing?.size ?? 0;
    if (size <= here) return (await rootAt(size, tilesOf(rows))).toString('hex');
    const behind = (standing?.position ?? 0) < (await this.parts.storeHead());
    if (behind || signed === undefined) {
      throw new Problem(
        'not_caught_up',
        `The read model has counted ${counted(here, 'event')} of ${size}. Ask again in a second.`,
      );
    }
    throw this.refuse(
      `${signed} ${counted(size, 'event')} was signed, but the ledger has only ${here}.`,
    );
  }

  private refuse(why: string): Problem {
    this.fault = `${why} Nothing more is signed. Run \`verify\`, which says where. If the ledger was restored from a backup, see docs/how-to/back-up-and-restore.md.`;
    return new Problem('ledger_changed', this.fault);
  }
}

/** Returns the lines of a note that are signed: origin, size and root. */
const checkpointOf = ({ note }: KeptRoot): string => note.split('\n', 3).join('\n');

/** Whether the ledger's events have the root of a note, which is not larger than the ledger. */
async function isOwn({ size, note }: KeptRoot, rows: ReadModelSnapshot): Promise<boolean> {
  return (await rootAt(size, tilesOf(rows))).toString('base64') === note.split('\n', 3)[2];
}
