import { t } from '../i18n/language';

/** A fact as the page shows it. */
interface ShownFact {
  readonly type: string;
  readonly recorded_at: string;
  /** As it is stored, but without its personal values if its user was erased. */
  readonly event: unknown;
}

/** The text that the tree holds, taken apart. `event` holds personal values only sealed. */
interface Leaf extends ShownFact {
  readonly stream: string;
}

/**
 * Checks that the text of a leaf is the fact that is shown, and one of the session: a proof of anything else would say
 * nothing about what the person sees.
 * @throws Error that says what does not match.
 */
export function checkFact(leaf: string, session: string, shown: ShownFact): void {
  const { stream, type, recorded_at, event } = readLeaf(leaf);
  if (stream !== `session-${session}`) {
    throw new Error(t('The proved event is not of this session, but of {0}.', stream));
  }
  const said = { type, recorded_at, event: hasPersonal(shown.event) ? event : impersonal(event) };
  const told = { type: shown.type, recorded_at: shown.recorded_at, event: shown.event };
  if (JSON.stringify(said) !== JSON.stringify(told)) {
    throw new Error(t('The fact that is shown above is not the proved one.'));
  }
}

function readLeaf(text: string): Leaf {
  try {
    const leaf = JSON.parse(text) as Leaf | null;
    if (typeof leaf?.stream === 'string') return leaf;
  } catch {
    // Said below.
  }
  throw new Error(t('The proved text is not an event.'));
}

function hasPersonal(event: unknown): boolean {
  return typeof event === 'object' && event !== null && Object.hasOwn(event, 'personal');
}

function impersonal(event: unknown): unknown {
  if (!hasPersonal(event)) return event;
  const { personal: _, ...rest } = event as { readonly personal: unknown };
  return rest;
}
