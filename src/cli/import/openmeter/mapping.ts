import { CATALOGUE } from '../../../domain/events/catalogue';
import { UsageError } from '../../usage-error';

/** What an OpenMeter event type becomes. */
export type Outcome = 'completed' | 'failed';

/** Field names for a duration, and how many seconds the unit of each has. */
export const DURATIONS: Readonly<Record<string, string>> = {
  duration_seconds: '1',
  duration_minutes: '60',
  duration_milliseconds: '0.001',
};

/** The attributes of an ingested event that a field can be read from. Names inside its data begin with `data.`. */
const ATTRIBUTES = ['id', 'source', 'subject', 'customerId'];

const FIELDS = new Set([
  ...CATALOGUE.completed.fields.map(([name]) => name),
  ...CATALOGUE.failed.fields.map(([name]) => name),
  ...Object.keys(DURATIONS),
]);

/** How events become facts, as the user says. Nothing is guessed. */
export interface Mapping {
  readonly types: ReadonlyMap<string, Outcome>;
  /** For each field, the path to its value, such as `['data', 'run', 'seconds']`. */
  readonly places: ReadonlyMap<string, readonly string[]>;
  /** Values for events that lack the field. */
  readonly constants: ReadonlyMap<string, string>;
  /** The prefix of each fact's source. */
  readonly source: string;
}

export interface MappingOptions {
  /** Such as `transcription=completed`. */
  readonly types: readonly string[];
  /** Such as `data.seconds=duration_seconds`. */
  readonly map: readonly string[];
  /** Such as `stt_provider=google`. */
  readonly set: readonly string[];
  readonly source: string;
}

/** @throws UsageError if the options do not say enough to make facts, or name a field that does not exist. */
export function readMapping({ types, map, set, source }: MappingOptions): Mapping {
  const mapping = {
    types: new Map(types.map(readType)),
    places: new Map(map.map(readPlace)),
    constants: new Map(set.map(readConstant)),
    source,
  };
  if (!mapping.places.has('user_id')) mapping.places.set('user_id', ['subject']);
  check(mapping);
  return mapping;
}

function check({ types, places, constants }: Mapping): void {
  const said = (field: string) => places.has(field) || constants.has(field);
  if (types.size === 0) {
    throw new UsageError(
      'Say which events are transcriptions: --type TYPE=completed, and --type TYPE=failed for failures.',
    );
  }
  if (!places.has('session_id')) {
    throw new UsageError(
      'Say what names the session: --map data.NAME=session_id, or --map id=session_id if each event is a session of its own.',
    );
  }
  if (!said('stt_provider')) {
    throw new UsageError(
      'Say who transcribed: --map data.NAME=stt_provider, or --set stt_provider=NAME.',
    );
  }
  const durations = Object.keys(DURATIONS).filter(said);
  const isCompleted = [...types.values()].includes('completed');
  if (isCompleted && durations.length !== 1) {
    throw new UsageError(
      `Say once how long a recording was: --map data.NAME=FIELD, where FIELD is one of ${Object.keys(DURATIONS).join(', ')}.`,
    );
  }
}

/** Splits at the last `=`, because a type may contain one. */
function split(text: string, option: string, example: string): [string, string] {
  const at = text.lastIndexOf('=');
  const [left, right] = [text.slice(0, at), text.slice(at + 1)];
  if (at > 0 && right !== '') return [left, right];
  throw new UsageError(`${option} ${text}: write it as ${example}.`);
}

function readType(text: string): [string, Outcome] {
  const [type, outcome] = split(text, '--type', 'transcription=completed');
  if (outcome === 'completed' || outcome === 'failed') return [type, outcome];
  throw new UsageError(`--type ${text}: write =completed or =failed after the event type.`);
}

function readPlace(text: string): [string, readonly string[]] {
  const [place, field] = split(text, '--map', 'data.seconds=duration_seconds');
  const names = place.split('.');
  const isInData = names[0] === 'data' && names.length > 1 && !names.includes('');
  if (!isInData && !ATTRIBUTES.includes(place)) {
    throw new UsageError(`--map ${text}: give data.NAME, or one of ${ATTRIBUTES.join(', ')}.`);
  }
  return [known(field, '--map', text), names];
}

function readConstant(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new UsageError(`--set ${text}: write it as stt_provider=google.`);
  }
  return [known(text.slice(0, at), '--set', text), text.slice(at + 1)];
}

function known(field: string, option: string, text: string): string {
  if (FIELDS.has(field)) return field;
  throw new UsageError(
    `${option} ${text}: there is no field ${field}. The fields are ${[...FIELDS].sort().join(', ')}.`,
  );
}
