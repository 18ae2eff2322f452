import { atLeast, json, paging, parameter, problem, type Operation } from './operations';
import { page, period, ref, text } from './schema';

const id = parameter('id', 'path', text, 'The id in the answer to the request.');
const ofCsv = ' (with CSV; in JSON it is in the body)';

/** A vendor's list of requests beside the ledger's logs. */
export const RECONCILIATION_PATHS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/audit/reconciliations': {
    get: {
      tags: ['Audit'],
      summary: 'The reconciliations that are kept, newest first.',
      parameters: [...paging, atLeast],
      responses: { 200: json(page(ref('Reconciliation'))), default: problem },
    },
    post: {
      tags: ['Audit'],
      summary: "Compare a vendor's list of requests with the ledger's logs.",
      parameters: [
        parameter('provider', 'query', text, `The provider${ofCsv}.`),
        parameter('period', 'query', period, `The month${ofCsv}.`),
        parameter('match', 'query', text, `A JSON pointer into provider_metadata${ofCsv}.`),
        parameter('tolerance_seconds', 'query', text, `By how much durations may differ${ofCsv}.`),
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: ref('ReconciliationBody') },
          'text/csv': { schema: text },
        },
      },
      responses: {
        202: json(
          ref('Reconciliation'),
          'Accepted. The header location has the address of the job.',
        ),
        default: problem,
      },
    },
  },
  '/v1/audit/reconciliations/{id}': {
    get: {
      tags: ['Audit'],
      summary: 'The progress of a reconciliation, and what it came to.',
      parameters: [id, atLeast],
      responses: { 200: json(ref('Reconciliation')), default: problem },
    },
  },
  '/v1/audit/reconciliations/{id}/items': {
    get: {
      tags: ['Audit'],
      summary: 'What became of each line and log.',
      parameters: [
        id,
        parameter(
          'kind',
          'query',
          {
            type: 'string',
            enum: ['matched', 'only_vendor', 'only_ledger', 'duration_differs', 'repeated'],
          },
          'Those of one kind.',
        ),
        parameter(
          'format',
          'query',
          { type: 'string', enum: ['json', 'csv'], default: 'json' },
          'The header accept can say it, too.',
        ),
        ...paging,
        atLeast,
      ],
      responses: {
        200: {
          description: 'Lines in their order, then logs that no line is of.',
          content: {
            'application/json': { schema: page(ref('ReconciliationItem')) },
            'text/csv': { schema: text },
          },
        },
        default: problem,
      },
    },
  },
};
