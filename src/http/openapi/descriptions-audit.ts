const KEPT = 'The last ones are kept; others than those who asked for one do not see it.';
const PROGRESS =
  'JSON, or server-sent events if the header `accept` is `text/event-stream`: `progress` now and then, one `result` at the end.';

/** Descriptions of what auditors and finance look at and start. */
export const AUDIT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  'GET /v1/audit/pending':
    'Completed attempts that have no usage log yet, with their age and worth, so that no revenue is lost silently.',
  'GET /v1/audit/events':
    'Each event as it is stored, with the text that the Merkle log hashes. Events do not change, so there is no `as_of`.',
  'GET /v1/audit/leaks': 'What may be lost, oldest first, with what to do about it.',
  'GET /v1/audit/writes': 'Prices, plans, adjustments, voids and closes.',
  'GET /v1/audit/bundle':
    "Events, cards, plans, signed root, proofs and totals, one JSON object per line. `check-bundle` re-derives every cent of it without the service. A user's bundle has proofs instead of the events of others.",
  'GET /v1/audit/export':
    'Every format adds up to the summaries. At most four run at once. Logs are in statement order, then adjustments.',
  'GET /v1/audit/root':
    'RFC 6962 hashing. The root is also there as a C2SP checkpoint, signed with Ed25519.',
  'GET /v1/audit/checkpoint': 'A C2SP checkpoint. For everybody if `PUBLIC_CHECKPOINT` is `true`.',
  'GET /v1/audit/proofs/{index}':
    'The hashes that lead from the leaf of the event to the root of that size.',
  'GET /v1/audit/consistency':
    'The hashes that show that the smaller log is the beginning of the larger.',
  'GET /v1/audit/replays': KEPT,
  'POST /v1/audit/replays':
    'All events are read again, and each row that follows is compared with the live one.',
  'GET /v1/audit/replays/{id}': PROGRESS,
  'GET /v1/audit/rebuilds': KEPT,
  'POST /v1/audit/rebuilds': 'The live read models serve meanwhile. It takes no body.',
  'GET /v1/audit/rebuilds/{id}': PROGRESS,
  'GET /v1/audit/rehearsals': KEPT,
  'POST /v1/audit/rehearsals': 'It writes nothing to the ledger.',
  'GET /v1/audit/rehearsals/{id}': `${PROGRESS} The items are also there as CSV.`,
  'GET /v1/audit/reconciliations': 'The last 20 are kept for a day.',
  'POST /v1/audit/reconciliations':
    "Lines are matched by the vendor's request id, else by session, else by day and duration, each log once. It writes nothing to the ledger.",
  'GET /v1/audit/reconciliations/{id}': 'Until it is done, the results are null.',
  'GET /v1/audit/reconciliations/{id}/items': 'As a list, or as CSV.',
};
