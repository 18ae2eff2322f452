import { atLeast, json, paging, parameter, problem, type Operation } from './operations';
import { page, ref, text, type Schema } from './schema';

const id = parameter('id', 'path', text, 'The id in the answer to the request.');
const events: Operation = {
  schema: {
    ...text,
    description: 'Server-sent events: `progress` from time to time, one `result` at the end.',
  },
};

function start(summary: string, body: string | undefined, answer: string): Operation {
  const requestBody = {
    required: body === 'RehearsalBody',
    content: { 'application/json': { schema: ref(body ?? '') } },
  };
  return {
    tags: ['Audit'],
    summary,
    ...(body === undefined ? {} : { requestBody }),
    responses: {
      202: json(ref(answer), 'Accepted. The header location has the address of the job.'),
      default: problem,
    },
  };
}

function look(summary: string, answer: string, other: object, parameters: Operation[]): Operation {
  const content = {
    'application/json': { schema: ref(answer) },
    'text/event-stream': events,
    ...other,
  };
  return {
    tags: ['Audit'],
    summary,
    parameters: [id, ...parameters, atLeast],
    responses: { 200: { description: 'Its current state.', content }, default: problem },
  };
}

function all(summary: string, answer: string): Operation {
  return {
    tags: ['Audit'],
    summary,
    parameters: [...paging, atLeast],
    responses: { 200: json(page(ref(answer))), default: problem },
  };
}

const format: Schema = { type: 'string', enum: ['json', 'csv'], default: 'json' };

/** Replays, rehearsals and rebuilds. */
export const JOB_PATHS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/audit/replays': {
    get: all('The replays that are kept, newest first.', 'Replay'),
    post: start(
      'Replay the ledger and compare it with the live read model.',
      'ReplayBody',
      'Replay',
    ),
  },
  '/v1/audit/replays/{id}': {
    get: look('The progress of a replay, and what differs.', 'Replay', {}, []),
  },
  '/v1/audit/rebuilds': {
    get: all('The rebuilds that are kept, newest first.', 'Rebuild'),
    post: start(
      'Fill new read models beside the live ones, and switch to them. If a rebuild runs, the answer is that one.',
      undefined,
      'Rebuild',
    ),
  },
  '/v1/audit/rebuilds/{id}': {
    get: look('The progress of a rebuild.', 'Rebuild', {}, []),
  },
  '/v1/audit/rehearsals': {
    get: all('The rehearsals that are kept, newest first.', 'Rehearsal'),
    post: start(
      'Replay under draft cards or plans: what each user would have paid.',
      'RehearsalBody',
      'Rehearsal',
    ),
  },
  '/v1/audit/rehearsals/{id}': {
    get: look(
      'The progress of a rehearsal, and what each user paid and would have paid.',
      'RehearsalPage',
      { 'text/csv': { schema: text } },
      [parameter('format', 'query', format, 'The header accept can say it, too.'), ...paging],
    ),
  },
};
