import { ID } from './events/facts';
import { PERIOD } from './events/ledger-events';
import type { Members } from './json';
import { noBundle } from './no-bundle';
import { DoesNotFollow } from './problem';

/** What a bundle covers: a period, a user, both, or (with neither) everything. */
export interface Scope {
  readonly period: string | null;
  readonly user_id: string | null;
}

/** A bundle's first line. */
export interface Header {
  readonly scope: Scope;
  readonly ledgerId: string;
  readonly zone: string;
  readonly size: number;
  readonly root: string;
  /** The sizes that closes name, ascending. The check keeps the roots at these sizes. */
  readonly closeSizes: readonly number[];
  /** A signed note, and the key that signed it according to the bundle. */
  readonly checkpoint: string | null;
  readonly vkey: string | null;
  /** The notes in which each of the ledger's keys names the next. */
  readonly handovers: readonly string[];
  /** Roots that witnesses cosigned. */
  readonly witnessed: readonly Witnessed[];
}

/**
 * A root that witnesses cosigned: its signed note, and the proof that this root and the bundle's belong to one history.
 */
interface Witnessed {
  readonly checkpoint: string;
  readonly proof: readonly Buffer[];
}

const FORMAT = 'minutebook-bundle';
/** Version 2 has `witnessed`. */
const VERSIONS = [1, 2];
/** The most hashes in a proof. A tree of 2^53 leaves needs fewer. */
const MOST_HASHES = 64;
const HASH = /^[0-9a-f]{64}$/;

const MEMBERS =
  'line,format,version,scope,ledger_id,billing_time_zone,made_at,size,root,close_sizes,checkpoint,vkey,handovers';

/** @throws DoesNotFollow if the line is not a header, or has a version that this program does not know. */
export function readHeader(line: Members): Header {
  if (line.textOrNull('format') !== FORMAT) {
    throw new DoesNotFollow(noBundle(': the first line does not say so'));
  }
  const version = line.whole('version', 0);
  if (!VERSIONS.includes(version)) {
    throw new DoesNotFollow(
      `The bundle has version ${version}, but this checker knows only versions ${VERSIONS.join(' and ')}: use the checker of a newer Minutebook.`,
    );
  }
  const scope = line.members('scope');
  const other =
    line.otherThan(
      [...MEMBERS.split(','), ...(version === 2 ? ['witnessed'] : [])],
      'The header',
    ) ?? scope.otherThan(['period', 'user_id'], 'The scope of the header');
  if (other !== null) throw new DoesNotFollow(other);
  line.instant('made_at');
  return {
    scope: {
      period: scope.has('period') ? scope.matching('period', PERIOD, 'a month') : null,
      user_id: scope.has('user_id') ? scope.matching('user_id', ID, 'an id') : null,
    },
    ledgerId: line.matching('ledger_id', ID, 'an id'),
    zone: line.text('billing_time_zone'),
    size: line.whole('size', 1),
    root: readHash(line, 'root'),
    closeSizes: readSizes(line),
    checkpoint: line.textOrNull('checkpoint'),
    vkey: line.textOrNull('vkey'),
    handovers: line.list('handovers').map(noteText),
    witnessed: version === 2 ? readWitnessed(line) : [],
  };
}

function readWitnessed(line: Members): Witnessed[] {
  const all = line.objects('witnessed');
  if (all.length === 0) throw new DoesNotFollow('"witnessed" in the header is empty.');
  return all.map((one) => {
    const other = one.otherThan(['checkpoint', 'proof'], 'A witnessed root of the header');
    if (other !== null) throw new DoesNotFollow(other);
    const proof = one.list('proof');
    if (proof.length > MOST_HASHES || !proof.every(isHash)) {
      throw new DoesNotFollow(
        'The proof of a witnessed root in the header is not a list of hashes.',
      );
    }
    return {
      checkpoint: one.text('checkpoint'),
      proof: proof.map((hash) => Buffer.from(hash, 'hex')),
    };
  });
}

const isHash = (value: unknown): value is string => typeof value === 'string' && HASH.test(value);

/** Reads a SHA-256 in lower-case hex. */
export const readHash = (line: Members, name: string): string =>
  line.matching(name, HASH, 'a hash of 64 hex digits');

function noteText(note: unknown): string {
  if (typeof note === 'string') return note;
  throw new DoesNotFollow('"handovers" in the header are not texts.');
}

function readSizes(line: Members): number[] {
  const sizes = line.list('close_sizes');
  const ascend = sizes.every(
    (one, at) => Number.isSafeInteger(one) && (one as number) > Number(sizes[at - 1] ?? 0),
  );
  if (!ascend)
    throw new DoesNotFollow('"close_sizes" in the header are not ascending whole numbers.');
  return sizes as number[];
}
