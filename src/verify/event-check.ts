import { readFact, writeFact } from '../domain/events/stored';
import {
  isLedgerEvent,
  LEDGER_EVENTS,
  LEDGER_STREAM,
  readLedgerEvent,
  STREAM_BEGINNINGS,
  type LedgerContinued,
  type LedgerEventType,
} from '../domain/ledger';
import { sessionStream } from '../domain/events/facts';
import type { StoredEvent } from '../event-store/port';
import { originOf } from '../proofs/signed-root/ledger-signer';
import { checkNote } from '../proofs/signed-root/signed-note';
import { messageOf } from './faults';

/** The prefixes of the streams of the ledger's own events; `undefined` = the event is on `ledger` itself. */
const BEGINNINGS: Readonly<Record<LedgerEventType, string | undefined>> = {
  'ledger.opened': undefined,
  'ledger.restored': undefined,
  'ledger.continued': undefined,
  'rate_card.published': STREAM_BEGINNINGS.card,
  'plan.defined': STREAM_BEGINNINGS.plan,
  'plan.defaulted': undefined,
  'plan.assigned': STREAM_BEGINNINGS.account,
  'usage.adjusted': STREAM_BEGINNINGS.account,
  'user.erased': STREAM_BEGINNINGS.account,
  'session.voided': STREAM_BEGINNINGS.session,
  'billing_period.closed': STREAM_BEGINNINGS.period,
};

/** Returns a sentence that says why the ledger can't have written an event as it is stored; `undefined` if it can. */
export function faultOf(event: StoredEvent, index: number): string | undefined {
  if ((index === 0) !== (event.type === LEDGER_EVENTS.opened)) {
    return index === 0
      ? 'The first event does not open the ledger.'
      : 'It opens the ledger, which only the first event may do.';
  }
  try {
    return isLedgerEvent(event.type) ? faultOfOwn(event, event.type) : faultOfFact(event);
  } catch (error) {
    return `It cannot be read: ${messageOf(error)}`;
  }
}

function faultOfFact({ type, body, stream }: StoredEvent): string | undefined {
  const fact = readFact(type, body);
  if (fact === undefined) return `There is no event type ${type}.`;
  if (stream !== sessionStream(fact.data.session_id)) return misplaced(stream);
  const isWhole = Number.isSafeInteger(fact.data.attempt);
  return isWhole && writeFact(fact).body === body ? undefined : NOT_OURS;
}

function faultOfOwn({ body, stream }: StoredEvent, type: LedgerEventType): string | undefined {
  const { data } = readLedgerEvent(type, body);
  if (JSON.stringify(JSON.parse(body)) !== body) return NOT_OURS;
  const beginning = BEGINNINGS[type];
  if (beginning === undefined ? stream !== LEDGER_STREAM : !stream.startsWith(beginning)) {
    return misplaced(stream);
  }
  if ('verifier_keys' in data) return faultOfContinued(data);
  if ('totals' in data && stream !== `${beginning}${data.period}`) return misplaced(stream);
  return undefined;
}

function faultOfContinued({
  ledger_id,
  size,
  root,
  note,
  verifier_keys,
}: LedgerContinued): string | undefined {
  const checked = checkNote(note, verifier_keys);
  if ('fault' in checked) {
    return `The last root of the ledger that it continues can't be trusted: ${checked.fault}`;
  }
  const { signed } = checked;
  const says =
    signed.origin === originOf(ledger_id) && signed.size === size && signed.root === root;
  return says
    ? undefined
    : 'The event and the signed root that it continues contradict each other.';
}

const NOT_OURS = 'Its text is not in the form in which the ledger writes it.';

function misplaced(stream: string): string {
  return `It is on the stream ${stream}, where it does not belong.`;
}
