import { readCosignerKey, type CosignerKey } from '../lib/cosigner-key';
import { checkNote } from '../proofs/signed-root/signed-note';
import type { KeptRoot } from '../proofs/signed-root/root-archive';
import { cosignatureBy } from '../proofs/witnesses/cosignature';
import type { Log } from './damage';
import type { Faults } from './faults';
import { holds } from './kept-roots';
import { counted } from '../lib/counted';

/** Whose cosignatures to check. */
export interface WitnessChoice {
  /** Verifier keys, from a source that the person who checks trusts. */
  readonly keys: readonly string[];
  /** How many of them must have signed; `undefined` = all. */
  readonly required: number | undefined;
}

/** Which witnesses cosigned a root of this ledger. */
export interface WitnessView {
  readonly given: number;
  readonly required: number;
  /** Each with the newest root that it cosigned: how many events it covers, and when it was cosigned (RFC 3339). */
  readonly signed: readonly { readonly name: string; readonly size: number; readonly at: string }[];
  /** The names of those that cosigned no root. */
  readonly missing: readonly string[];
}

/**
 * Checks the roots that witnesses cosigned against the events.
 * @param roots as they were before the events were read: later ones may cover more.
 * @returns `null` if no key was given.
 */
export async function checkWitnesses(
  roots: readonly KeptRoot[],
  { keys, required = keys.length }: WitnessChoice,
  log: { readonly found: Log; readonly origin: string; readonly verifierKeys: readonly string[] },
  faults: Faults,
): Promise<WitnessView | null> {
  const good: KeptRoot[] = [];
  for (const root of roots) {
    const fault = await faultOf(root, log);
    if (fault === undefined) good.push(root);
    else
      faults.add(
        'witness',
        `The root of ${counted(root.size, 'event')} that witnesses cosigned: ${fault}`,
      );
  }
  if (keys.length === 0) return null;
  const signed: WitnessView['signed'][number][] = [];
  const missing: string[] = [];
  for (const key of keys.map(readCosignerKey)) {
    const newest = newestBy(key, good, faults);
    if (newest === undefined) missing.push(key.name);
    else signed.push({ name: key.name, ...newest });
  }
  if (signed.length < required) {
    faults.add(
      'witness',
      `${signed.length} of ${keys.length} witnesses cosigned a root of this ledger, and ${required} must have. Missing: ${missing.join(', ')}.`,
    );
  }
  return { given: keys.length, required, signed, missing };
}

async function faultOf(
  { size, note }: KeptRoot,
  { found, origin, verifierKeys }: Parameters<typeof checkWitnesses>[2],
): Promise<string | undefined> {
  const checked = checkNote(note, verifierKeys);
  if ('fault' in checked) return checked.fault;
  if (checked.signed.origin !== origin)
    return `it belongs to another ledger, ${checked.signed.origin}.`;
  if (await holds(found, { size, root: checked.signed.root })) return undefined;
  return 'it does not match these events. Whoever asked that witness has seen another history.';
}

function newestBy(
  key: CosignerKey,
  roots: readonly KeptRoot[],
  faults: Faults,
): { readonly size: number; readonly at: string } | undefined {
  for (const { size, note } of roots.toReversed()) {
    const found = cosignatureBy(key, note);
    if (found === undefined) continue;
    if ('line' in found) return { size, at: new Date(found.at).toISOString() };
    faults.add('witness', `The root of ${counted(size, 'event')}: ${found.fault}`);
  }
  return undefined;
}
