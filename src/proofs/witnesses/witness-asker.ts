import { consistencyProof } from '../../domain/merkle-proofs';
import { readCosignerKey, type CosignerKey } from '../../lib/cosigner-key';
import type { Witness } from '../../lib/witness-policy';
import type { ReadModel } from '../../read-model/queries';
import type { Border } from '../../webhooks/outgoing';
import type { KeptRoot, RootArchive } from '../signed-root/root-archive';
import { tilesOf } from '../tiles';
import { cosignatureBy } from './cosignature';
import { addCheckpoint, type WitnessAnswer } from './witness-call';
import { counted } from '../../lib/counted';

/** The pauses after failures, in milliseconds. The last one repeats. */
const PAUSES = [5_000, 30_000, 120_000, 600_000, 3_600_000] as const;
/** How often a witness may name another size before the request is postponed. */
const SIZES_TRIED = 4;

export interface AskerParts {
  readonly border: Border;
  readonly archive: Pick<RootArchive, 'cosign' | 'cosigned'>;
  readonly readModel: ReadModel;
  /** Whether this instance is the one that signs. */
  readonly signs: () => boolean;
  /** Called with each root that has a new cosignature. */
  readonly cosigned: (root: KeptRoot) => void;
  readonly warn: (message: string) => void;
  /** The pauses after failures; from 5 s to an hour if left out. */
  readonly pauses?: readonly number[];
}

/** What is known about a witness. */
export interface WitnessStanding {
  readonly name: string;
  /** The size, in events, of the newest root that it cosigned. */
  readonly size: number;
  /** Why it has not cosigned the newest root; `undefined` while all is well. */
  readonly trouble: string | undefined;
  /** Whether it has seen another history of the ledger. */
  readonly contradicts: boolean;
}

/**
 * Asks one witness to cosign the newest root, one request at a time. If a request fails, asks again after a pause.
 * Roots signed meanwhile are skipped: the newest one covers them.
 */
export class WitnessAsker {
  private readonly key: CosignerKey;
  private readonly stopping = new AbortController();
  private wanted: KeptRoot | undefined;
  private size = 0;
  private failures = 0;
  private trouble: string | undefined;
  private contradicts = false;
  private working: Promise<void> | undefined;
  private pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly witness: Witness & { readonly url: string },
    private readonly parts: AskerParts,
  ) {
    this.key = readCosignerKey(witness.key);
  }

  get standing(): WitnessStanding {
    const { size, trouble, contradicts } = this;
    const { name } = this.key;
    // What this instance was told is out of date once another one asks.
    if (!this.parts.signs()) return { name, size, trouble: undefined, contradicts: false };
    return { name, size, trouble, contradicts };
  }

  /** Requests a cosignature of this root, if it is newer than the last one requested. */
  wants(root: KeptRoot): void {
    if (root.size <= (this.wanted?.size ?? 0)) return;
    this.wanted = root;
    if (this.pause === undefined) this.begin();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.pause);
    await this.working;
  }

  private begin(): void {
    this.pause = undefined;
    if (this.stopping.signal.aborted) return;
    if (!this.parts.signs()) return this.handOver();
    this.working ??= this.work().finally(() => (this.working = undefined));
  }

  /** Forgets what was requested: another instance signs, and may be told other things meanwhile. */
  private handOver(): void {
    this.wanted = undefined;
    this.trouble = undefined;
    this.contradicts = false;
    this.size = 0;
  }

  private async work(): Promise<void> {
    try {
      if (this.size === 0) await this.remember();
      while (this.wanted !== undefined && this.wanted.size > this.size) {
        const trouble = await this.ask(this.wanted);
        if (this.stopping.signal.aborted) return;
        if (trouble !== undefined) return this.later(trouble);
        this.trouble = undefined;
        this.failures = 0;
      }
    } catch (error) {
      this.later((error as Error).message);
    }
  }

  /** Looks up what the witness cosigned before this start. */
  private async remember(): Promise<void> {
    for (const { size, note } of await this.parts.archive.cosigned()) {
      const found = cosignatureBy(this.key, note);
      if (found !== undefined && 'line' in found) this.size = Math.max(this.size, size);
    }
  }

  /** @returns what went wrong; `undefined` once the root is cosigned. */
  private async ask(root: KeptRoot): Promise<string | undefined> {
    let oldSize = Math.min(this.size, root.size);
    for (let tries = 0; tries < SIZES_TRIED; tries += 1) {
      const answer = await this.call(root, oldSize);
      if (answer.kind === 'cosigned') {
        this.contradicts = false;
        const id = this.key.id.toString('hex');
        const note = await this.parts.archive.cosign(root, answer.cosignature.line, id);
        this.size = root.size;
        this.parts.cosigned({ size: root.size, note });
        return undefined;
      }
      // Whether it has seen another history stays as it was.
      if (answer.kind === 'failed') return answer.why;
      // If it refuses a root of the size that it cosigned last, it cosigned a different root (C2SP, tlog-witness).
      const isOther =
        answer.kind === 'elsewhere' && answer.size === oldSize && oldSize === root.size;
      if (answer.kind === 'contradicts' || isOther) {
        this.contradicts = true;
        return `refuses the root of ${counted(root.size, 'event')}: it has seen another history of this ledger. Run \`verify\`, and see docs/how-to/publish-roots.md`;
      }
      if (answer.size > root.size) {
        this.contradicts = root === this.wanted;
        return `has cosigned ${counted(answer.size, 'event')}, but the newest root covers ${root.size}: another copy of this ledger went further, or events were lost`;
      }
      oldSize = answer.size;
    }
    return 'names another size at each request';
  }

  private async call({ size, note }: KeptRoot, oldSize: number): Promise<WitnessAnswer> {
    const proof =
      oldSize === 0 || oldSize === size
        ? []
        : await this.parts.readModel.read((rows) => consistencyProof(oldSize, size, tilesOf(rows)));
    const { url } = this.witness;
    const call = { url, key: this.key, oldSize, proof, note };
    return addCheckpoint(call, this.parts.border, this.stopping.signal);
  }

  /** Tries again after a pause. A failure is reported once, not at every try. */
  private later(trouble: string): void {
    if (trouble !== this.trouble) {
      this.parts.warn(`The witness ${this.key.name} ${trouble}. The service will ask it again.`);
    }
    this.trouble = trouble;
    const pauses = this.parts.pauses ?? PAUSES;
    const pause = pauses[Math.min(this.failures, pauses.length - 1)]!;
    this.failures += 1;
    if (this.stopping.signal.aborted) return;
    this.pause = setTimeout(() => this.begin(), pause).unref();
  }
}
