import { pointerTo } from '../domain/pointer';
import { readLine, type VendorLine } from './vendor-line';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the lines of Deepgram's list of a project's requests (`GET /v1/projects/{id}/requests`): `request_id`,
 * `created`, `response.code`, `response.details.usd` and `.duration`. A request that failed, or has no duration, is not
 * usage.
 */
export function* deepgramLines(requests: readonly unknown[]): Generator<VendorLine> {
  for (const [index, request] of requests.entries()) {
    const { request_id, created, response } = fields(request);
    const { code, details } = fields(response);
    const { usd, duration } = fields(details);
    if (typeof code === 'number' && code >= 400) continue;
    if (duration === undefined || duration === null) continue;
    const cost = usd === undefined ? {} : { cost: usd, currency: 'USD' };
    const line = { request_id, started_at: inUtc(created), duration_seconds: duration, ...cost };
    yield readLine(line, pointerTo('/requests', String(index)));
  }
}

/**
 * Reads the lines of AssemblyAI's list of transcripts (`GET /v2/transcript`): `id`, `status`, `created`. The list has
 * no durations, but if they were added from each transcript (`audio_duration`), they are compared too.
 */
export function* assemblyAiLines(transcripts: readonly unknown[]): Generator<VendorLine> {
  for (const [index, transcript] of transcripts.entries()) {
    const { id, status, created, audio_duration } = fields(transcript);
    if (status !== undefined && status !== 'completed') continue;
    const line = { request_id: id, started_at: inUtc(created), duration_seconds: audio_duration };
    yield readLine(line, pointerTo('/transcripts', String(index)), { needsDuration: false });
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Adds `Z` to a time without an offset: vendors mean UTC. */
function inUtc(time: unknown): unknown {
  return typeof time === 'string' && !/(Z|[+-]\d\d:\d\d)$/i.test(time) ? `${time}Z` : time;
}
