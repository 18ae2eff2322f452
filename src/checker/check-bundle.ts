import { createHash } from 'node:crypto';

import { EventsCheck } from './events-check';
import { Expectations, type Rederived } from './expectations';
import { type Header, readHash, readHeader } from './header';
import { keysFrom, linkedKeys, readHandover } from './handover';
import { type Members, readJson } from './json';
import { noBundle } from './no-bundle';
import { DoesNotFollow, type Problem, Problems } from './problem';
import { checkRestored } from './restored';
import { readCheckpoint, readVerifierKey } from './signed-note';
import { checkWitnesses, type WitnessChoice, type WitnessReport } from './witnesses';
import { EXPECTATIONS } from './stated-order';

/** How many problems are reported in full. The rest are counted. */
const SHOWN_PROBLEMS = 100;
const END_MEMBERS = ['line', 'events', 'left_out', 'stated', 'sha256'];

/** Whose key signed the root: the key that the checking person gave, the key in the file, or nobody's. */
export type Signature = 'given_key' | 'own_key' | 'none';

/** A restore as a report shows it. */
interface RestoreView {
  readonly index: number;
  readonly size: number;
  readonly given_up: readonly number[];
  readonly reason: string;
  readonly author: string;
}

/** The result of a check. `holds` means that all that can be checked follows from the events. */
export interface Report {
  readonly holds: boolean;
  readonly problem_count: number;
  readonly problems: readonly Problem[];
  readonly header: Header | null;
  readonly signature: Signature;
  /** The name and id of the key that signed. */
  readonly key: string | null;
  /** How many handovers lead from the given key to the key that signed. Each key names the next. */
  readonly keys_later: number;
  readonly events: number;
  readonly left_out: number;
  /** Restores from a backup, with the sizes of the signed roots that each gave up. */
  readonly restores: readonly RestoreView[];
  /** Null if no witness's key was given, or if the root cannot be trusted. */
  readonly witnesses: WitnessReport | null;
  /** Null if no bill could be derived from the events. */
  readonly rederived: Rederived | null;
}

/**
 * Checks a bundle line by line: every hash, the root, its signature, what closes pin, and every amount, which it
 * derives from the events alone. Memory grows with what the bundle holds, not with the ledger.
 */
export class BundleCheck {
  private readonly problems = new Problems(SHOWN_PROBLEMS);
  private readonly digest = createHash('sha256');
  private header: Header | null = null;
  private events: EventsCheck | null = null;
  /** Null until all events have been read. */
  private expectations: Expectations | null = null;
  private expecting = false;
  private stated = 0;
  private ended = false;
  private aborted = false;
  private signature: Signature = 'none';
  private key: string | null = null;
  private keysLater = 0;
  /** The trusted keys. Empty until the header has been read. */
  private believed: readonly string[] = [];

  private witnesses: WitnessReport | null = null;

  /**
   * @param givenKey the ledger's verifier key, from a source that the checking person trusts.
   * @param witnessChoice the witnesses whose cosignatures are required.
   */
  constructor(
    private readonly givenKey: string | undefined,
    private readonly witnessChoice: WitnessChoice = { keys: [], required: null },
  ) {}

  /** Takes the next line, without its line feed. Returns whether it is worth reading on. */
  take(number: number, text: string): boolean {
    try {
      this.takeLine(number, text);
      return this.header !== null;
    } catch (error) {
      if (!(error instanceof DoesNotFollow)) throw error;
      this.problems.add(error.text, number);
      return this.header !== null;
    }
  }

  /** Reports a problem that makes the rest of the file unreadable. */
  broken(text: string, line: number | null): void {
    this.problems.add(text, line);
    this.aborted = true;
  }

  report(): Report {
    if (this.ended && !this.aborted) this.expectations?.end();
    else if (this.header !== null && !this.aborted) {
      this.problems.add('The file was cut off: its last line is missing.');
    }
    return {
      holds: this.problems.count === 0,
      problem_count: this.problems.count,
      problems: this.problems.shown,
      header: this.header,
      signature: this.signature,
      key: this.key,
      keys_later: this.keysLater,
      events: this.events?.events ?? 0,
      left_out: this.events?.leftOut ?? 0,
      restores: (this.events?.restores ?? []).map(({ index, size, givenUp, reason, author }) => ({
        index,
        size,
        given_up: givenUp,
        reason,
        author,
      })),
      witnesses: this.witnesses,
      rederived: this.expectations?.rederived() ?? null,
    };
  }

  private takeLine(number: number, text: string): void {
    if (this.ended) throw new DoesNotFollow('There is something after the last line.');
    const members = readJson(text, 'The line');
    const kind = members.text('line');
    if (kind === 'end') return this.takeEnd(members);
    this.digest.update(`${text}\n`);
    if (this.header === null) {
      if (kind !== 'header') throw new DoesNotFollow(noBundle(': it does not begin with a header'));
      this.header = readHeader(members);
      this.events = new EventsCheck(this.header, this.problems);
      return this.checkSignature(this.header);
    }
    if (kind === 'event' || kind === 'left_out') {
      if (this.expecting) throw new DoesNotFollow('This event comes after the end of the events.');
      if (kind === 'event') this.events!.takeEvent(number, members);
      else this.events!.takeLeftOut(number, members);
    } else if (Object.hasOwn(EXPECTATIONS, kind)) {
      if (!this.expecting) this.endEvents();
      this.stated += 1;
      this.expectations?.take(number, kind, text);
    } else throw new DoesNotFollow(`A line of the kind ${kind} does not belong here.`);
  }

  private checkSignature({ checkpoint, vkey, handovers, size, root, ledgerId }: Header): void {
    const next = handovers.map(readHandover);
    if (checkpoint === null) {
      throw new DoesNotFollow('The bundle is not signed: nothing in it shows who made it.');
    }
    if (vkey === null)
      throw new DoesNotFollow('The bundle does not name the key of its checkpoint.');
    const chain = keysFrom(this.givenKey ?? vkey, next);
    this.believed = linkedKeys(this.givenKey ?? vkey, next);
    const later = Math.max(0, chain.indexOf(vkey));
    const key = readVerifierKey(chain[later]!);
    const signed = readCheckpoint(checkpoint, key);
    // The key that the file names must have signed too. Otherwise the file is wrong about itself.
    readCheckpoint(checkpoint, readVerifierKey(vkey));
    if (signed.origin !== `minutebook/${ledgerId}`) {
      throw new DoesNotFollow(
        `The checkpoint belongs to the log ${signed.origin}, but the header says that the ledger is ${ledgerId}.`,
      );
    }
    if (signed.size !== size || signed.root !== root) {
      throw new DoesNotFollow(
        `The checkpoint signs ${signed.size} events with the root ${signed.root}, but the header says ${size} with ${root}.`,
      );
    }
    this.signature = this.givenKey === undefined ? 'own_key' : 'given_key';
    this.keysLater = later;
    this.key = `${key.name}+${key.id.toString('hex')}`;
    const found = checkWitnesses(this.header!, this.believed, this.witnessChoice, this.problems);
    this.witnesses = found.given === 0 ? null : found;
  }

  private endEvents(): void {
    this.expecting = true;
    this.events!.end();
    this.checkRestores();
    if (!this.events!.readable) {
      this.problems.add(
        'Because of this no bill was derived, and what the bundle states about bills was not checked.',
      );
      return;
    }
    try {
      this.expectations = new Expectations(this.events!, this.header!, this.problems);
    } catch (error) {
      // Each event can be read, but no ledger writes them together, so no bill follows from them.
      this.problems.add(`No bill can be derived from the events: ${(error as Error).message}`);
    }
  }

  private checkRestores(): void {
    for (const restored of this.events!.restores) {
      try {
        checkRestored(restored, this.header!.ledgerId, this.believed);
      } catch (error) {
        if (!(error instanceof DoesNotFollow)) throw error;
        this.problems.add(error.text, restored.line, restored.index);
      }
    }
  }

  private takeEnd(members: Members): void {
    this.ended = true;
    if (this.header === null)
      throw new DoesNotFollow(noBundle(': it does not begin with a header'));
    if (!this.expecting) this.endEvents();
    const { events, leftOut } = this.events!;
    const counted = { events, left_out: leftOut, stated: this.stated };
    for (const [name, count] of Object.entries(counted)) {
      const said = members.whole(name, 0);
      if (said !== count) {
        this.problems.add(`The last line counts ${said} of "${name}", but there are ${count}.`);
      }
    }
    const digest = this.digest.digest('hex');
    const said = readHash(members, 'sha256');
    if (said !== digest) {
      this.problems.add(
        `The lines before the last have the SHA-256 ${digest}, but the last line says ${said}: something in the file was changed.`,
      );
    }
    const other = members.otherThan(END_MEMBERS, 'The last line');
    if (other !== null) throw new DoesNotFollow(other);
  }
}
