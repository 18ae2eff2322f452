import { count, position, type Operation } from './schema';

/** The headers of answers, by name, for the document's `components`. */
export const HEADERS = {
  'minutebook-position': {
    description: 'The position of the last event that the answer includes, or of the write.',
    required: true,
    schema: position,
  },
  'minutebook-behind': {
    description: 'How many recorded events the answer does not include yet.',
    required: true,
    schema: count,
  },
  ETag: {
    description: 'The SHA-256 of the body. Only answers about the past and signed roots have it.',
    schema: { type: 'string', pattern: '^"sha256-[A-Za-z0-9_-]{43}"$' },
  },
};

type Name = keyof typeof HEADERS;
type Answers = Readonly<Record<string, Operation>>;

const UNCHANGED: Operation = {
  description: 'With `as_of`: the answer is still the one that `If-None-Match` names.',
};

/**
 * Adds the headers of an operation's successes. Adds the answer to a client that has the body already, if the operation
 * can look at the past; what is sent as it is made has no tag.
 */
export function withHeaders(
  method: string,
  path: string,
  parameters: readonly { readonly name: string }[],
  answers: Answers,
): Answers {
  const { content = {} } = answers['200'] ?? {};
  const isPast = parameters.some(({ name }) => name === 'as_of');
  const all =
    isPast && Object.hasOwn(content as object, 'application/json')
      ? { ...answers, 304: UNCHANGED }
      : answers;
  return Object.fromEntries(
    Object.entries(all).map(([status, answer]) => {
      const names = method === 'get' ? ofRead(path, status, all) : ofWrite(path, status);
      return [status, names.length === 0 ? answer : { ...answer, headers: referredTo(names) }];
    }),
  );
}

function ofRead(path: string, status: string, all: Answers): readonly Name[] {
  if (!path.startsWith('/v1/') || !/^(2..|304)$/.test(status)) return [];
  const tag: readonly Name[] = Object.hasOwn(all, '304') ? ['ETag'] : [];
  return ['minutebook-position', 'minutebook-behind', ...tag];
}

/** Other answers to writes have the position in their body alone. */
function ofWrite(path: string, status: string): readonly Name[] {
  const isOfEvents = path.endsWith('/v1/events') && status.startsWith('2');
  return isOfEvents || status === '202' || status === '204' ? ['minutebook-position'] : [];
}

function referredTo(names: readonly Name[]): Operation {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
