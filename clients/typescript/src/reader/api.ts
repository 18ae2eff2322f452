/* Made from /openapi.json by `npm run client:types`: do not edit. */

export interface paths {
    readonly "/api/v1/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Record events at the path that OpenMeter SDKs post to.
         * @description For clients that were written for OpenMeter: 204 if nothing was rejected, 422 if anything was. `subject` may name the user if `data.user_id` is left out or the same. Key: `producer`.
         */
        readonly post: operations["postApiEvents"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/health/live": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether the process is alive.
         * @description For a liveness probe. It checks neither the store nor the read model. It needs no key.
         */
        readonly get: operations["getHealthLive"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/health/ready": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether it can do its work.
         * @description For a readiness probe: whether the event store and the read model answer, and the read model is near the head. It answers within a second. It needs no key.
         */
        readonly get: operations["getHealthReady"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/adjustments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Adjustments, newest first.
         * @description Each with the period in which it counts, and the adjustment that voids it. Key: `finance` or `admin`.
         */
        readonly get: operations["getAdjustments"];
        readonly put?: never;
        /**
         * Credit or debit a user.
         * @description A negative amount is a credit. Closed periods take none. To void an adjustment, send one of the opposite amount that names it in `voids`. Key: `finance` or `admin`.
         */
        readonly post: operations["postAdjustments"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/alerts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * All alerts, oldest first.
         * @description A webhook reports when an alert is reached. Key: `finance` or `admin`.
         */
        readonly get: operations["getAlerts"];
        readonly put?: never;
        /**
         * Make an alert. It is reached once for each user and period, and at once if the value is already above it.
         * @description Give `threshold` or `share_of_limit`. Without `user_id` it watches each user, or all of them together, as the metric says. Key: `finance` or `admin`.
         */
        readonly post: operations["postAlerts"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/alerts/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete an alert.
         * @description It will not be reached again. Key: `finance` or `admin`.
         */
        readonly delete: operations["deleteAlertsById"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/bundle": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A streamed file for an auditor, with everything that a bill follows from.
         * @description Events, cards, plans, signed root, proofs and totals, one JSON object per line. `check-bundle` derives every cent of it again without the service. In a user's bundle, proofs replace the events of others. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditBundle"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/checkpoint": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The newest signed root, with its cosignatures.
         * @description A C2SP checkpoint. For everybody if `PUBLIC_CHECKPOINT` is `true`. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditCheckpoint"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/consistency": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A proof that the ledger continues an earlier state.
         * @description The hashes that show that the smaller log is the beginning of the larger. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditConsistency"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The ledger itself, in ledger order.
         * @description Each event as it is stored, with the text that the Merkle log hashes. Events do not change, so there is no `as_of`. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A period as a streamed file: every log and adjustment that counts in it.
         * @description Every format adds up to the summaries. At most four run at once. Logs are in statement order, then adjustments. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditExport"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/leaks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What leaks: unfinished, pending and unrated attempts.
         * @description What may be lost, oldest first, with what to do about it. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditLeaks"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/pending": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What waits: pending and unrated attempts.
         * @description Completed attempts that have no usage log yet, with their age and value at risk, so that no revenue is lost silently. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditPending"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/proofs/{index}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A proof that an event is in the ledger.
         * @description The hashes that lead from the leaf of the event to the root of that size. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditProofsByIndex"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/rebuilds": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The rebuilds that are kept, newest first.
         * @description The last ones are kept. Only callers who requested a rebuild see it. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditRebuilds"];
        readonly put?: never;
        /**
         * Fill new read models beside the live ones, and switch to them. If a rebuild is running, the answer is that one.
         * @description The live read models keep serving until then. The request has no body. Key: `finance` or `admin`.
         */
        readonly post: operations["postAuditRebuilds"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/rebuilds/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The progress of a rebuild.
         * @description JSON, or server-sent events if the header `accept` is `text/event-stream`: `progress` now and then, one `result` at the end. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditRebuildsById"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/reconciliations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The reconciliations that are kept, newest first.
         * @description The last 20 are kept for a day. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditReconciliations"];
        readonly put?: never;
        /**
         * Compare a vendor's list of requests with the ledger's logs.
         * @description Lines are matched by the vendor's request id, else by session, else by day and duration, each log once. In JSON, the parameters are fields beside the list; for CSV, they are in the query. Nothing is written to the ledger. Key: `finance` or `admin`.
         */
        readonly post: operations["postAuditReconciliations"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/reconciliations/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The progress of a reconciliation, and its result.
         * @description Until it is done, the results are null. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditReconciliationsById"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/reconciliations/{id}/items": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What became of each line and log.
         * @description As a list, or as CSV. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditReconciliationsByIdItems"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/rehearsals": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The rehearsals that are kept, newest first.
         * @description The last ones are kept. Only the caller who requested a rehearsal sees it. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditRehearsals"];
        readonly put?: never;
        /**
         * Replay under draft cards or plans: what each user would have paid.
         * @description It writes nothing to the ledger. Key: `finance` or `admin`.
         */
        readonly post: operations["postAuditRehearsals"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/rehearsals/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The progress of a rehearsal, and what each user paid and would have paid.
         * @description JSON, or server-sent events if the header `accept` is `text/event-stream`: `progress` now and then, one `result` at the end. The items are also there as CSV. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditRehearsalsById"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/replays": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The replays that are kept, newest first.
         * @description The last ones are kept. Only the caller who requested a replay sees it. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditReplays"];
        readonly put?: never;
        /**
         * Replay the ledger and compare it with the live read model.
         * @description Reads all events again, and compares each row that follows with the live one. Key: `finance` or `admin`.
         */
        readonly post: operations["postAuditReplays"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/replays/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The progress of a replay, and what differs.
         * @description JSON, or server-sent events if the header `accept` is `text/event-stream`: `progress` now and then, one `result` at the end. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditReplaysById"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/root": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The Merkle root, signed.
         * @description RFC 6962 hashing. The answer also has the root as a C2SP checkpoint, signed with Ed25519. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditRoot"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/audit/writes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What finance wrote, newest first: who, when, what and why.
         * @description Prices, plans, adjustments, voids and closes. Key: `finance` or `admin`.
         */
        readonly get: operations["getAuditWrites"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/billing-periods": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Closed periods and those with usage.
         * @description Oldest first, with the totals and the root of those that are closed. Key: `finance` or `admin`.
         */
        readonly get: operations["getBillingPeriods"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/billing-periods/{period}/close": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Close a month that is over.
         * @description Nothing that arrives later changes a number of a closed period. The close is refused while attempts wait, unless `force` is true. Closing again returns the first close. Key: `finance` or `admin`.
         */
        readonly post: operations["postBillingPeriodsByPeriodClose"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/caller": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whose key or token this is: its role, its name, and the one user that it sees.
         * @description If a token has several roles, this is the most powerful one. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getCaller"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/default-plan": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Set the plan of users without an assignment.
         * @description It holds from `effective_from` on for all users without an assignment. Key: `finance` or `admin`.
         */
        readonly put: operations["putDefaultPlan"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Record what happened: one CloudEvent (structured or binary) or a batch.
         * @description The answer means that everything reported as recorded is durable. It has one verdict per event, in the order sent. Sending the same facts again is always safe: they are duplicates. In binary mode the attributes are in `ce-` headers. At most 10,000 events and 16 MiB; gzip and deflate are accepted. Key: `producer`.
         */
        readonly post: operations["postEvents"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * All API keys, oldest first, without their secrets.
         * @description Each with the day on which it was last used, and when it was revoked. Key: `admin`.
         */
        readonly get: operations["getKeys"];
        readonly put?: never;
        /**
         * Make an API key. The answer is the only one that shows it.
         * @description Keep the answer: the service stores a hash. `source` binds a producer, `user_id` a reader. Key: `admin`.
         */
        readonly post: operations["postKeys"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/keys/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke an API key: it is refused everywhere within two seconds.
         * @description The last usable admin key can't be revoked (409). Key: `admin`.
         */
        readonly delete: operations["deleteKeysById"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/plans": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * All plans, by name.
         * @description Allowance and limits of each; null is no limit. Key: `finance` or `admin`.
         */
        readonly get: operations["getPlans"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/plans/{plan}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Define a plan. It never changes.
         * @description The same content again is 200, other content 409. A limit that is left out is no limit. Key: `finance` or `admin`.
         */
        readonly put: operations["putPlansByPlan"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/rate-cards": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * All rate cards, in ledger order.
         * @description The card in force at a moment is the one of the currency with the latest `effective_from` not after it. Key: `finance` or `admin`.
         */
        readonly get: operations["getRateCards"];
        readonly put?: never;
        /**
         * Publish a rate card.
         * @description A card never changes; publish another one instead. It must not begin in the past, unless it is the first of its currency or changes no cost that was already derived. Key: `finance` or `admin`.
         */
        readonly post: operations["postRateCards"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/reports/usage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A month's usage over all users.
         * @description Totals per currency, then the same by plan, provider and day, and the users who pay most. Key: `finance` or `admin`.
         */
        readonly get: operations["getReportsUsage"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Sessions of all users, by id.
         * @description How many attempts each session had, and the status of the last one. Key: `finance` or `admin`.
         */
        readonly get: operations["getSessions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/{session_id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A session: attempts, logs, cost.
         * @description What became of each attempt, what the session costs, and what the next attempt would be. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getSessionsBySessionId"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/{session_id}/void": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Void a session whose facts are wrong.
         * @description Its facts so far stay in the ledger but no longer count. Then send the right facts under new ids. Key: `finance` or `admin`.
         */
        readonly post: operations["postSessionsBySessionIdVoid"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/usage-logs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Usage logs of all users, by id, without what they cost.
         * @description `GET /v1/usage-logs/{id}` says what a log costs. Key: `finance` or `admin`.
         */
        readonly get: operations["getUsageLogs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/usage-logs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One usage log, explained.
         * @description The log with the events, the rate card and the plan that it follows from, and each step from the duration to the cents. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getUsageLogsById"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/usage-summaries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The summaries of all users for a month, by user and currency. Those of a currency add up to its totals.
         * @description One for each user and currency with something in the month. Key: `finance` or `admin`.
         */
        readonly get: operations["getUsageSummaries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The users with a log, a failure or an adjustment in any period, by id.
         * @description Reads an index: as fast on a large ledger as on a small one. Key: `finance` or `admin`.
         */
        readonly get: operations["getUsers"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{user_id}/entitlement": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether the user's plan allows more.
         * @description Compares what is used and requested with the limits of the plan. It only informs: usage that arrives anyway is recorded and billed. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getUsersByUserIdEntitlement"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{user_id}/erase": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make a user's personal values unreadable for good. Amounts and proofs remain valid.
         * @description The personal values in the user's facts are sealed under a key, and that key is destroyed. Later facts are sealed under a new key. Key: `admin`.
         */
        readonly post: operations["postUsersByUserIdErase"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{user_id}/plan": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A user's plan, what it allows, and the one that comes next.
         * @description The plan in force now, or at `as_of`. `assigned` is false for the plan of users without an assignment. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getUsersByUserIdPlan"];
        /**
         * Assign a plan and a currency.
         * @description The plan holds from `effective_from` on, the currency for the whole period that contains it. A currency changes only if the user has nothing in the periods concerned. Key: `finance` or `admin`.
         */
        readonly put: operations["putUsersByUserIdPlan"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{user_id}/plan-history": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The plans that a user had, has and will have, oldest first.
         * @description Each plan with the instants from which and until which it holds; null means from the beginning, or until further notice. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getUsersByUserIdPlanHistory"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{user_id}/usage-history": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The last months, newest first.
         * @description Summaries of the current month and of earlier ones, including empty ones. It is one page. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getUsersByUserIdUsageHistory"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{user_id}/usage-logs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Usage logs, newest first.
         * @description One log per completed attempt that does not wait, with its minutes, its cost and the reason why it is billed or not. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getUsersByUserIdUsageLogs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{user_id}/usage-summary": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A user's month, added up.
         * @description Transcriptions, minutes, cents, the plan and what is left of it. A user that no event names has an empty summary. Failures count in the user's currency. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getUsersByUserIdUsageSummary"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{user_id}/usage-totals": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What a user has used and is charged since the first session, by currency.
         * @description All months added up, one total per currency. A user that no event names has none. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getUsersByUserIdUsageTotals"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/users/{user_id}/usage-trend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Usage by day, week or month.
         * @description By the time of completion, in one currency. Empty points are included; the first and the last are cut to the range. Key: `reader`, `finance` or `admin`.
         */
        readonly get: operations["getUsersByUserIdUsageTrend"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * All webhooks, oldest first, without their secrets.
         * @description Who is notified, and of what. Key: `admin`.
         */
        readonly get: operations["getWebhooks"];
        readonly put?: never;
        /**
         * Make a webhook. The answer is the only one that shows its secret.
         * @description Deliveries are CloudEvents, signed as Standard Webhooks says. The URL must be https and must not lead to a private address. Key: `admin`.
         */
        readonly post: operations["postWebhooks"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a webhook, and what was to be sent to it.
         * @description Its waiting deliveries are not sent. Key: `admin`.
         */
        readonly delete: operations["deleteWebhooksById"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change a webhook.
         * @description Fields that are left out stay as they are. Key: `admin`.
         */
        readonly patch: operations["patchWebhooksById"];
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A webhook's past and waiting deliveries, newest first; kept for 30 days.
         * @description With the last status or error, and the time of the next try. Key: `admin`.
         */
        readonly get: operations["getWebhooksByIdDeliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a delivery again now, whatever became of it.
         * @description With the same `webhook-id`, so that the receiver recognises it. Key: `admin`.
         */
        readonly post: operations["postWebhooksByIdDeliveriesByDeliveryIdRedeliver"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/rotate-secret": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make a new secret; the old one signs beside it for 24 hours.
         * @description Keep the answer: no other one shows the secret. Key: `admin`.
         */
        readonly post: operations["postWebhooksByIdRotateSecret"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/webhooks/{id}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a `minutebook.test` now, and return what the receiver answered.
         * @description It tries once. What the receiver answers is cut at 4 KiB. Key: `admin`.
         */
        readonly post: operations["postWebhooksByIdTest"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Adjustment: {
            readonly amount_cents: number;
            readonly author: string;
            /** @example TWD */
            readonly currency: string;
            readonly id: string;
            /** @example 2026-10 */
            readonly period: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly reason: string;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly recorded_at: string;
            readonly reference: string | null;
            readonly user_id: string;
            readonly voids: string | null;
        };
        readonly AdjustmentBody: {
            readonly allow_negative?: boolean | null;
            readonly amount_cents: number;
            readonly currency?: string | null;
            readonly new_user?: boolean | null;
            /** @example 2026-10 */
            readonly period: string;
            readonly reason: string;
            readonly reference?: string | null;
            readonly user_id: string;
            readonly voids?: string | null;
        };
        readonly Alert: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly currency: string | null;
            readonly id: string;
            /** @enum {string} */
            readonly metric: "billable_minutes" | "cost_cents" | "sessions" | "ledger_cost_cents";
            readonly name: string;
            readonly share_of_limit: string | null;
            readonly threshold: string | null;
            readonly user_id: string | null;
        };
        readonly AlertBody: {
            readonly currency?: string | null;
            /** @enum {string} */
            readonly metric: "billable_minutes" | "cost_cents" | "sessions" | "ledger_cost_cents";
            readonly name: string;
            /** @description A share of the limit of the user's plan: of minutes and sessions. */
            readonly share_of_limit?: string | null;
            /** @description Minutes, cents or sessions. Either this or `share_of_limit`. */
            readonly threshold?: string | null;
            /** @description One user; if left out, every user. */
            readonly user_id?: string | null;
        };
        readonly AssignedPlan: {
            /** @example TWD */
            readonly currency: string;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly effective_from: string;
            readonly plan: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly user_id: string;
        };
        readonly AssignPlanBody: {
            readonly currency?: string | null;
            /** @description RFC 3339 with an offset. If left out: now. */
            readonly effective_from?: string | null;
            /** @description Lower-cased on arrival. */
            readonly plan: string;
        };
        readonly BillingPeriod: {
            readonly closed_at: string | null;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly from: string;
            /** @example 2026-10 */
            readonly period: string;
            readonly root: string | null;
            readonly size: number | null;
            /** @enum {string} */
            readonly state: "open" | "closed";
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly to: string;
            readonly totals: readonly {
                readonly adjustments_cents: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @example TWD */
                readonly currency: string;
                readonly transcriptions: number;
                readonly usage_cost_cents: number;
                readonly users: number;
            }[] | null;
        };
        readonly Caller: {
            /** @description The key's name, or the token's user: the author of what finance writes. */
            readonly name: string;
            /** @enum {string} */
            readonly role: "reader" | "finance" | "admin";
            /** @description The one user that a reader sees; null if it sees all. */
            readonly user_id: string | null;
        };
        readonly ChangedWebhook: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly enabled: boolean;
            readonly id: string;
            readonly name: string;
            readonly off_at: string | null;
            readonly off_because: "too_many_waiting" | null;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly types: readonly ("minutebook.alert.reached" | "minutebook.billing_period.closed" | "minutebook.adjustment.recorded" | "minutebook.attempt.unrated" | "minutebook.attempt.waiting" | "minutebook.verification.failed" | "minutebook.user.erased")[];
            /** @description https, to a public address. Any other is 422 `webhook_url_not_allowed`. */
            readonly url: string;
        };
        readonly Close: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly closed_at: string;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly from: string;
            /** @example 2026-10 */
            readonly period: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly root: string;
            readonly size: number;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly to: string;
            readonly totals: readonly {
                readonly adjustments_cents: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @example TWD */
                readonly currency: string;
                readonly transcriptions: number;
                readonly usage_cost_cents: number;
                readonly users: number;
            }[];
        };
        readonly CloseBody: {
            readonly force?: boolean | null;
        };
        /** @enum {string} */
        readonly Code: "invalid_json" | "too_deep" | "invalid_body" | "body_too_large" | "too_many_events" | "events_rejected" | "unsupported_media_type" | "unauthorized" | "forbidden" | "not_found" | "method_not_allowed" | "request_timeout" | "expectation_failed" | "headers_too_large" | "rate_limited" | "overloaded" | "store_unavailable" | "invalid_parameter" | "invalid_cursor" | "not_caught_up" | "ledger_changed" | "rebuild_failed" | "internal_error" | "invalid_event" | "missing_attribute" | "invalid_attribute" | "unsupported_specversion" | "unknown_type" | "time_in_future" | "subject_mismatch" | "missing_field" | "unknown_field" | "invalid_field" | "source_not_allowed" | "event_id_reused" | "fact_voided" | "session_user_mismatch" | "attempt_already_settled" | "invalid_rate_card" | "invalid_plan" | "unknown_plan" | "plan_exists" | "unknown_currency" | "unknown_user" | "currency_change_not_allowed" | "effective_in_past" | "period_closed" | "period_not_over" | "attempts_waiting" | "adjustment_below_zero" | "unknown_adjustment" | "already_voided" | "unknown_session" | "last_admin_key" | "webhook_url_not_allowed" | "too_many_webhooks" | "unknown_alert_metric" | "too_many_alerts" | "idempotency_key_required" | "idempotency_key_reused";
        readonly ConsistencyProof: {
            /** @description A number of events. */
            readonly first: number;
            /** @description SHA-256, lower-case hex. */
            readonly first_root: string;
            readonly proof: readonly string[];
            /** @description A number of events. */
            readonly second: number;
            /** @description SHA-256, lower-case hex. */
            readonly second_root: string;
        };
        readonly DefaultPlan: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly effective_from: string;
            readonly plan: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
        };
        readonly DefaultPlanBody: {
            /** @description RFC 3339 with an offset. If left out: now. */
            readonly effective_from?: string | null;
            /** @description Lower-cased on arrival. */
            readonly plan: string;
        };
        readonly Delivery: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly id: string;
            readonly last_error: string | null;
            readonly last_status: number | null;
            /** @description The header `webhook-id`. */
            readonly message_id: string;
            readonly next_try_at: string | null;
            /** @enum {string} */
            readonly status: "waiting" | "delivered" | "failed";
            readonly tries: number;
            /** @enum {string} */
            readonly type: "minutebook.alert.reached" | "minutebook.billing_period.closed" | "minutebook.adjustment.recorded" | "minutebook.attempt.unrated" | "minutebook.attempt.waiting" | "minutebook.verification.failed" | "minutebook.user.erased";
        };
        readonly DeliveryAgain: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly id: string;
            readonly last_error: string | null;
            readonly last_status: number | null;
            /** @description The header `webhook-id`. */
            readonly message_id: string;
            readonly next_try_at: string | null;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            /** @enum {string} */
            readonly status: "waiting" | "delivered" | "failed";
            readonly tries: number;
            /** @enum {string} */
            readonly type: "minutebook.alert.reached" | "minutebook.billing_period.closed" | "minutebook.adjustment.recorded" | "minutebook.attempt.unrated" | "minutebook.attempt.waiting" | "minutebook.verification.failed" | "minutebook.user.erased";
        };
        readonly Entitlement: {
            readonly allowed: boolean;
            readonly limits: readonly {
                readonly allowed: boolean;
                readonly limit: string | number | readonly string[] | null;
                /** @enum {string} */
                readonly name: "minutes" | "sessions" | "file_size_bytes" | "export_format";
                readonly reason: ("minutes_exceeded" | "sessions_exceeded" | "file_too_large" | "format_not_in_plan") | null;
                readonly requested: string | number;
                readonly used: (string | number) | null;
            }[];
            readonly plan: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
        };
        readonly EraseBody: {
            /** @description It stays in the ledger forever. */
            readonly reason: string;
        };
        readonly Erasure: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly erased_at: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            /** @description Events of the user that were stored before personal values were sealed: they stay readable in the ledger's own text. */
            readonly unsealed_events: number;
            readonly user_id: string;
        };
        readonly Event: components["schemas"]["SessionStarted"] | components["schemas"]["SessionCompleted"] | components["schemas"]["SessionFailed"] | components["schemas"]["SessionRetried"];
        readonly EventsRejected: {
            /** @constant */
            readonly code: "events_rejected";
            readonly detail: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly results: readonly components["schemas"]["Verdict"][];
            /** @constant */
            readonly status: 422;
            readonly title: string;
            readonly type: string;
        };
        readonly ExplainedUsageLog: {
            readonly attempt: number;
            readonly billable: boolean;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly billable_minutes: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly billed_seconds: string;
            /** @example 2026-10 */
            readonly billing_period: string;
            /** @enum {string} */
            readonly billing_reason: "transcription_completed" | "retranscription" | "first_success_after_failure" | "retry_after_failure" | "retry_after_failure_free" | "zero_duration";
            readonly channels: number;
            readonly character_count: number | null;
            readonly client_id: string | null;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly completed_at: string;
            readonly confidence_score: number | null;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly cost: string;
            readonly cost_cents: number;
            /** @example TWD */
            readonly currency: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly duration_seconds: string;
            readonly enable_diarization: boolean | null;
            /** @description Whether its user has since been erased. Its personal values are then null. */
            readonly erased: boolean;
            readonly explanation: {
                readonly events: readonly {
                    readonly event: unknown;
                    /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                    readonly position: string;
                    /**
                     * Format: date-time
                     * @example 2026-10-05T10:00:00.000Z
                     */
                    readonly recorded_at: string;
                    readonly stream: string;
                    readonly type: string;
                }[];
                readonly events_complete: boolean;
                readonly plan: components["schemas"]["Plan"] | null;
                readonly rate_card: components["schemas"]["RateCard"] | null;
                readonly steps: readonly components["schemas"]["Step"][];
            };
            readonly file_size_bytes: number | null;
            readonly id: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly included_seconds: string;
            readonly language: string | null;
            readonly late: boolean;
            readonly original_filename: string | null;
            readonly parent_log_id: string | null;
            readonly plan: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly processing_time_seconds: string | null;
            readonly provider_metadata: Record<string, never> | null;
            readonly rate_card_id: string | null;
            readonly retry_count: number;
            readonly session_id: string;
            readonly speaker_count: number | null;
            readonly started_at: string | null;
            readonly stt_provider: string;
            /** @enum {string} */
            readonly transcription_type: "original" | "retry_success" | "retry_failed";
            /** @example 2026-10 */
            readonly usage_period: string;
            readonly user_id: string;
            readonly word_count: number | null;
        };
        readonly InclusionProof: {
            readonly index: number;
            /** @description SHA-256, lower-case hex. */
            readonly leaf_hash: string;
            readonly path: readonly string[];
            /** @description SHA-256, lower-case hex. */
            readonly root: string;
            /** @description A number of events. */
            readonly size: number;
        };
        readonly Key: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly expires_at: string | null;
            readonly id: string;
            readonly last_used_on: string | null;
            readonly name: string;
            readonly revoked_at: string | null;
            /** @enum {string} */
            readonly role: "producer" | "reader" | "finance" | "admin";
            readonly source: string | null;
            readonly user_id: string | null;
        };
        readonly KeyBody: {
            /** @description RFC 3339 with an offset, in the future; if left out, the key does not expire. */
            readonly expires_at?: string | null;
            readonly name: string;
            /** @enum {string} */
            readonly role: "producer" | "reader" | "finance" | "admin";
            /** @description For a producer: the prefix of its events' sources. */
            readonly source?: string | null;
            /** @description For a reader: the only user it sees. */
            readonly user_id?: string | null;
        };
        readonly LeakReport: {
            readonly items: readonly {
                readonly action: string;
                readonly age_seconds: number;
                readonly attempt: number;
                readonly currency: string | null;
                /** @enum {string} */
                readonly kind: "unfinished" | "pending" | "unrated";
                readonly session_id: string;
                /**
                 * Format: date-time
                 * @example 2026-10-05T10:00:00.000Z
                 */
                readonly since: string;
                readonly user_id: string;
                readonly value_at_risk: string | null;
            }[];
            readonly next_cursor: string | null;
            readonly totals: readonly {
                readonly count: number;
                readonly currency: string | null;
                /** @enum {string} */
                readonly kind: "unfinished" | "pending" | "unrated";
                readonly value_at_risk: string | null;
                readonly without_value: number;
            }[] | null;
        };
        readonly LedgerEvent: {
            /** @description As it is stored. */
            readonly event: Record<string, never>;
            readonly index: number;
            /** @description The text that the Merkle log hashes. */
            readonly leaf: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly recorded_at: string;
            readonly stream: string;
            readonly type: string;
        };
        readonly ListedAdjustment: {
            readonly amount_cents: number;
            readonly author: string;
            /**
             * @description The period in which it counts.
             * @example 2026-10
             */
            readonly billing_period: string;
            /** @example TWD */
            readonly currency: string;
            readonly id: string;
            /**
             * @description The period that it names.
             * @example 2026-10
             */
            readonly period: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly reason: string;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly recorded_at: string;
            readonly reference: string | null;
            readonly user_id: string;
            /** @description The adjustment that voids this one. */
            readonly voided_by: string | null;
            readonly voids: string | null;
        };
        readonly ListedSession: {
            readonly attempts: number;
            readonly session_id: string;
            /** @description Status of the last attempt. */
            readonly status: ("completed" | "failed" | "open" | "pending" | "unrated") | null;
            /** @description null from a void to the next fact. */
            readonly user_id: string | null;
        };
        readonly ListedUsageLog: {
            readonly attempt: number;
            /** @example 2026-10 */
            readonly billing_period: string;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly completed_at: string;
            /** @example TWD */
            readonly currency: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly duration_seconds: string;
            readonly id: string;
            readonly session_id: string;
            readonly stt_provider: string;
            /** @enum {string} */
            readonly transcription_type: "original" | "retry_success" | "retry_failed";
            readonly user_id: string;
        };
        readonly Liveness: {
            /** @constant */
            readonly status: "ok";
        };
        readonly NewAlert: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly currency: string | null;
            readonly id: string;
            /** @enum {string} */
            readonly metric: "billable_minutes" | "cost_cents" | "sessions" | "ledger_cost_cents";
            readonly name: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly share_of_limit: string | null;
            readonly threshold: string | null;
            readonly user_id: string | null;
        };
        readonly NewKey: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly expires_at: string | null;
            readonly id: string;
            readonly key: string;
            readonly last_used_on: string | null;
            readonly name: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly revoked_at: string | null;
            /** @enum {string} */
            readonly role: "producer" | "reader" | "finance" | "admin";
            readonly source: string | null;
            readonly user_id: string | null;
        };
        readonly NewWebhook: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly enabled: boolean;
            readonly id: string;
            readonly name: string;
            readonly off_at: string | null;
            readonly off_because: "too_many_waiting" | null;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            /** @description What signs the deliveries. No other answer shows it. */
            readonly secret: string;
            readonly types: readonly ("minutebook.alert.reached" | "minutebook.billing_period.closed" | "minutebook.adjustment.recorded" | "minutebook.attempt.unrated" | "minutebook.attempt.waiting" | "minutebook.verification.failed" | "minutebook.user.erased")[];
            /** @description https, to a public address. Any other is 422 `webhook_url_not_allowed`. */
            readonly url: string;
        };
        readonly OpenMeterEvent: components["schemas"]["OpenMeterSessionStarted"] | components["schemas"]["OpenMeterSessionCompleted"] | components["schemas"]["OpenMeterSessionFailed"] | components["schemas"]["OpenMeterSessionRetried"];
        readonly OpenMeterSessionCompleted: {
            readonly data: {
                readonly attempt?: number | null;
                readonly channels?: number | null;
                readonly character_count?: number | null;
                readonly client_id?: string | null;
                readonly confidence_score?: number | null;
                /** @description Seconds with at most 9 decimals, also if sent as a number. A string is exact. */
                readonly duration_seconds: number | string;
                readonly language?: string | null;
                readonly original_filename?: string | null;
                readonly processing_time_seconds?: (number | string) | null;
                readonly provider_metadata?: {
                    readonly [key: string]: unknown;
                } | null;
                readonly session_id: string;
                readonly speaker_count?: number | null;
                readonly stt_provider: string;
                readonly user_id?: string | null;
                readonly word_count?: number | null;
            };
            readonly datacontenttype?: string | null;
            readonly dataschema?: string | null;
            readonly id: string;
            readonly source: string;
            /** @constant */
            readonly specversion: "1.0";
            readonly subject?: string | null;
            /**
             * Format: date-time
             * @description When it happened; required. At most five minutes ahead of the clock of the service.
             */
            readonly time: string;
            /** @constant */
            readonly type: "transcription.session.completed";
        } & {
            readonly [key: string]: null | (string | boolean | number | null);
        };
        readonly OpenMeterSessionFailed: {
            readonly data: {
                readonly attempt?: number | null;
                readonly client_id?: string | null;
                readonly error_code: string;
                readonly error_message?: string | null;
                readonly provider_metadata?: {
                    readonly [key: string]: unknown;
                } | null;
                readonly session_id: string;
                readonly stt_provider: string;
                readonly user_id?: string | null;
            };
            readonly datacontenttype?: string | null;
            readonly dataschema?: string | null;
            readonly id: string;
            readonly source: string;
            /** @constant */
            readonly specversion: "1.0";
            readonly subject?: string | null;
            /**
             * Format: date-time
             * @description When it happened; required. At most five minutes ahead of the clock of the service.
             */
            readonly time: string;
            /** @constant */
            readonly type: "transcription.session.failed";
        } & {
            readonly [key: string]: null | (string | boolean | number | null);
        };
        readonly OpenMeterSessionRetried: {
            readonly data: {
                readonly attempt: number;
                readonly client_id?: string | null;
                readonly provider_metadata?: {
                    readonly [key: string]: unknown;
                } | null;
                readonly reason?: string | null;
                readonly requested_by?: string | null;
                readonly session_id: string;
                readonly stt_provider?: string | null;
                readonly user_id?: string | null;
            };
            readonly datacontenttype?: string | null;
            readonly dataschema?: string | null;
            readonly id: string;
            readonly source: string;
            /** @constant */
            readonly specversion: "1.0";
            readonly subject?: string | null;
            /**
             * Format: date-time
             * @description When it happened; required. At most five minutes ahead of the clock of the service.
             */
            readonly time: string;
            /** @constant */
            readonly type: "transcription.session.retried";
        } & {
            readonly [key: string]: null | (string | boolean | number | null);
        };
        readonly OpenMeterSessionStarted: {
            readonly data: {
                readonly attempt?: number | null;
                readonly client_id?: string | null;
                readonly enable_diarization?: boolean | null;
                readonly file_size_bytes?: number | null;
                readonly language?: string | null;
                readonly original_filename?: string | null;
                readonly provider_metadata?: {
                    readonly [key: string]: unknown;
                } | null;
                readonly session_id: string;
                readonly stt_provider: string;
                readonly user_id?: string | null;
            };
            readonly datacontenttype?: string | null;
            readonly dataschema?: string | null;
            readonly id: string;
            readonly source: string;
            /** @constant */
            readonly specversion: "1.0";
            readonly subject?: string | null;
            /**
             * Format: date-time
             * @description When it happened; required. At most five minutes ahead of the clock of the service.
             */
            readonly time: string;
            /** @constant */
            readonly type: "transcription.session.started";
        } & {
            readonly [key: string]: null | (string | boolean | number | null);
        };
        readonly Plan: {
            readonly export_formats: readonly string[] | null;
            readonly file_size_bytes: number | null;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly included_minutes: string;
            readonly minutes: string | null;
            readonly plan: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position?: string;
            readonly sessions: number | null;
        };
        readonly PlanBody: {
            readonly export_formats?: readonly string[] | null;
            readonly file_size_bytes?: number | null;
            readonly included_minutes?: (string | number) | null;
            readonly minutes?: (string | number) | null;
            readonly sessions?: number | null;
        };
        readonly PlanStretch: {
            /** @description Whether the plan was assigned; if not, it is the plan of users without an assignment. */
            readonly assigned: boolean;
            /** @description The currency that the assignment set. */
            readonly currency: string | null;
            /** @description Inclusive; null: from the beginning. */
            readonly from: string | null;
            readonly plan: string;
            /** @description Exclusive; null: until further notice. */
            readonly to: string | null;
        };
        readonly Problem: {
            readonly code: components["schemas"]["Code"];
            readonly detail: string;
            readonly fields?: readonly string[];
            readonly pointer?: string;
            readonly status: number;
            readonly title: string;
            readonly type: string;
        };
        readonly RateCard: {
            /** @example TWD */
            readonly currency: string;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly effective_from: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position?: string;
            readonly prices: {
                readonly [key: string]: {
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly amount?: string;
                    /** @enum {string} */
                    readonly channels: "ignore" | "each" | "pairs";
                    readonly extra_increments: number;
                    /** @enum {string} */
                    readonly increment_rounding: "up" | "half_up" | "down";
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly increment_seconds: string;
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly minimum_seconds: string;
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly per_seconds: string;
                    /** @enum {string} */
                    readonly tier_mode?: "graduated" | "volume";
                    readonly tiers?: readonly {
                        /**
                         * @description An exact decimal, without exponent or trailing zeros.
                         * @example 1.5
                         */
                        readonly amount: string;
                        /**
                         * @description An exact decimal, without exponent or trailing zeros.
                         * @example 1.5
                         */
                        readonly flat_amount: string;
                        readonly up_to_minutes: string | null;
                    }[];
                };
            };
            readonly rate_card_id: string;
            /** @enum {string} */
            readonly retry_after_failure: "bill_first_success" | "free" | "bill";
            /** @enum {string} */
            readonly rounding: "half_up" | "half_even" | "up" | "down";
            readonly surcharges: {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly confidence_threshold?: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly low_confidence?: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly per_extra_speaker?: string;
                readonly speakers_included?: number;
            };
        };
        readonly RateCardBody: {
            /** @example TWD */
            readonly currency: string;
            readonly effective_from?: string | null;
            readonly prices: {
                readonly [key: string]: {
                    readonly amount?: (string | number) | null;
                    readonly channels?: ("ignore" | "each" | "pairs") | null;
                    readonly extra_increments?: number | null;
                    readonly increment_rounding?: ("up" | "half_up" | "down") | null;
                    readonly increment_seconds?: (string | number) | null;
                    readonly minimum_seconds?: (string | number) | null;
                    readonly per_seconds?: (string | number) | null;
                    readonly tier_mode?: ("graduated" | "volume") | null;
                    readonly tiers?: readonly {
                        /** @description Not negative, at most 12 decimals and 15 digits before them. */
                        readonly amount: string | number;
                        readonly flat_amount?: (string | number) | null;
                        readonly up_to_minutes?: (string | number) | null;
                    }[] | null;
                };
            };
            readonly retry_after_failure?: ("bill_first_success" | "free" | "bill") | null;
            readonly rounding?: ("half_up" | "half_even" | "up" | "down") | null;
            readonly surcharges?: {
                readonly confidence_threshold?: (string | number) | null;
                readonly low_confidence?: (string | number) | null;
                readonly per_extra_speaker?: (string | number) | null;
                readonly speakers_included?: number | null;
            } | null;
        };
        readonly Readiness: {
            /** @description null while the service waits for its store. */
            readonly background_check: {
                /** @description What the last pass found; null before the first pass. */
                readonly faults: number | null;
                /** @description When the last pass ended. */
                readonly finished_at: string | null;
                /** @description The kinds of these faults; `verify` describes each. */
                readonly kinds: readonly string[];
                /** @enum {string} */
                readonly state: "off" | "waiting" | "running";
                /** @description Why passes do not finish. */
                readonly trouble: string | null;
            } | null;
            /** @enum {string} */
            readonly event_store: "ok" | "unavailable";
            readonly head: string | null;
            /** @description null while the service waits for its store. */
            readonly instance: {
                readonly advances: boolean;
                readonly trouble: string | null;
            } | null;
            /** @description null while the service waits for its store. */
            readonly read_model: {
                readonly behind: number | null;
                /** @description If `behind` is above this, the service is not ready. */
                readonly max_behind: number;
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly position: string;
                /** @description Why the projection has stopped. */
                readonly trouble: string | null;
                /** @description What it waits for, such as a rebuild. */
                readonly waits: string | null;
            } | null;
            /** @description null while the service waits for its store. */
            readonly signed_roots: {
                readonly trouble: string | null;
            } | null;
            /** @enum {string} */
            readonly status: "ok" | "unavailable";
        };
        readonly Rebuild: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly error: {
                readonly code: string;
                readonly detail: string;
            } | null;
            readonly finished_at: string | null;
            readonly id: string;
            readonly progress: {
                readonly events_per_second: number;
                /** @description The position to reach. It grows as events arrive. */
                readonly goal: string;
                /** @enum {string} */
                readonly phase: "filling" | "switching";
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly position: string;
                /** @description How many of them an earlier, interrupted run had folded. */
                readonly resumed_from: number;
                readonly seconds_left: number | null;
                /** @description How many events were folded, including those of an earlier run. */
                readonly size: number;
            } | null;
            readonly request: {
                /** @enum {string} */
                readonly reason: "asked" | "close_with_a_gap";
            };
            readonly result: {
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly position: string;
                readonly resumed_from: number;
                readonly root: string;
                readonly size: number;
            } | null;
            readonly started_at: string | null;
            /** @enum {string} */
            readonly status: "queued" | "running" | "done" | "failed";
        };
        readonly Reconciliation: {
            readonly billed_cost: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                /** @example TWD */
                readonly currency: string;
            }[] | null;
            readonly by_day: readonly {
                readonly billed_cost: readonly {
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly cost: string;
                    /** @example TWD */
                    readonly currency: string;
                }[];
                readonly day: string | null;
                readonly ledger_count: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly ledger_seconds: string;
                /** @description What was billed minus the vendor's cost. */
                readonly margin: readonly {
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly cost: string;
                    /** @example TWD */
                    readonly currency: string;
                }[];
                readonly vendor_cost: readonly {
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly cost: string;
                    /** @example TWD */
                    readonly currency: string;
                }[];
                readonly vendor_count: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly vendor_seconds: string;
            }[] | null;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly duration_differs: {
                /** @description In one currency; null in none or several. */
                readonly cost: string | null;
                readonly count: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly seconds: string;
            } | null;
            readonly error: {
                readonly code: string;
                readonly detail: string;
            } | null;
            readonly finished_at: string | null;
            readonly id: string;
            readonly items_url: string;
            readonly ledger_logs: number | null;
            readonly ledger_seconds: string | null;
            readonly margin: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                /** @example TWD */
                readonly currency: string;
            }[] | null;
            readonly matched: {
                /** @description In one currency; null in none or several. */
                readonly cost: string | null;
                readonly count: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly seconds: string;
            } | null;
            readonly matched_by: {
                readonly day_and_duration: number;
                readonly id: number;
                readonly session: number;
            } | null;
            readonly only_ledger: {
                /** @description In one currency; null in none or several. */
                readonly cost: string | null;
                readonly count: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly seconds: string;
            } | null;
            readonly only_vendor: {
                /** @description In one currency; null in none or several. */
                readonly cost: string | null;
                readonly count: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly seconds: string;
            } | null;
            readonly position: string | null;
            readonly progress: {
                readonly logs: number;
            } | null;
            readonly repeated: {
                /** @description In one currency; null in none or several. */
                readonly cost: string | null;
                readonly count: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly seconds: string;
            } | null;
            readonly request: {
                readonly match: string;
                /** @example 2026-10 */
                readonly period: string;
                readonly provider: string;
                readonly tolerance_seconds: string;
            };
            readonly started_at: string | null;
            /** @enum {string} */
            readonly status: "queued" | "running" | "done" | "failed";
            readonly vendor_cost: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                /** @example TWD */
                readonly currency: string;
            }[] | null;
            readonly vendor_lines: number | null;
            readonly vendor_seconds: string | null;
        };
        readonly ReconciliationBody: {
            readonly lines: readonly components["schemas"]["VendorLine"][];
            /** @description Where `provider_metadata` holds the vendor's request id, as a JSON pointer; `/request_id` if left out. */
            readonly match?: string | null;
            /**
             * @description The month.
             * @example 2026-10
             */
            readonly period: string;
            /** @description The provider. */
            readonly provider: string;
            /** @description How many seconds durations may differ by. */
            readonly tolerance_seconds?: string | null;
        } | ({
            /** @description Where `provider_metadata` holds the vendor's request id, as a JSON pointer; `/request_id` if left out. */
            readonly match?: string | null;
            /**
             * @description The month.
             * @example 2026-10
             */
            readonly period: string;
            /** @description The provider. */
            readonly provider: string;
            readonly requests: readonly {
                readonly [key: string]: unknown;
            }[];
            /** @description How many seconds durations may differ by. */
            readonly tolerance_seconds?: string | null;
        } & {
            readonly [key: string]: unknown;
        }) | ({
            /** @description Where `provider_metadata` holds the vendor's request id, as a JSON pointer; `/request_id` if left out. */
            readonly match?: string | null;
            /**
             * @description The month.
             * @example 2026-10
             */
            readonly period: string;
            /** @description The provider. */
            readonly provider: string;
            /** @description How many seconds durations may differ by. */
            readonly tolerance_seconds?: string | null;
            readonly transcripts: readonly {
                readonly [key: string]: unknown;
            }[];
        } & {
            readonly [key: string]: unknown;
        });
        readonly ReconciliationItem: {
            readonly attempt: number | null;
            readonly billed_cost: string | null;
            readonly billed_cost_cents: number | null;
            readonly billed_currency: string | null;
            readonly completed_at: string | null;
            readonly cost: string | null;
            readonly currency: string | null;
            readonly duration_seconds: string | null;
            /** @enum {string} */
            readonly kind: "matched" | "only_vendor" | "only_ledger" | "duration_differs" | "repeated";
            readonly ledger_seconds: string | null;
            readonly matched_by: ("id" | "session" | "day_and_duration") | null;
            readonly request_id: string | null;
            readonly session_id: string | null;
            readonly started_at: string | null;
            readonly usage_log_id: string | null;
            readonly user_id: string | null;
        };
        readonly Recorded: {
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly results: readonly components["schemas"]["Verdict"][];
        };
        readonly Rehearsal: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly error: {
                readonly code: string;
                readonly detail: string;
            } | null;
            readonly finished_at: string | null;
            readonly id: string;
            readonly progress: {
                readonly events_per_second: number;
                /** @description How many events there are to read. */
                readonly of: number;
                /** @enum {string} */
                readonly phase: "replaying" | "comparing";
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly position: string;
                readonly rows_compared: number;
                readonly seconds_left: number | null;
                /** @description How many events were read. */
                readonly size: number;
            } | null;
            readonly request: {
                /** @description A position or a time. If left out, the live read model as it is. */
                readonly as_of: string | null;
                /** @description One month; all if left out. */
                readonly period: string | null;
                /** @description By name. A draft replaces the plan of its name. */
                readonly plans: {
                    readonly [key: string]: components["schemas"]["PlanBody"];
                };
                /** @description Without `effective_from` a draft replaces all cards of its currency. */
                readonly rate_cards: readonly components["schemas"]["RateCardBody"][];
                /** @description One user; all if left out. */
                readonly user_id: string | null;
            };
            readonly result: {
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly position: string;
                readonly recorded_at: string | null;
                readonly size: number;
                readonly totals: readonly {
                    /** @example TWD */
                    readonly currency: string;
                    readonly difference_cents: number;
                    readonly paid_cents: number;
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly paid_cost: string;
                    /** @example 2026-10 */
                    readonly period: string;
                    readonly users: number;
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly would_have_cost: string;
                    readonly would_have_paid_cents: number;
                }[];
                /** @description Completed attempts without a usage log. */
                readonly waiting: number;
                /** @description The same under the drafts. */
                readonly would_have_waited: number;
            } | null;
            readonly started_at: string | null;
            /** @enum {string} */
            readonly status: "queued" | "running" | "done" | "failed";
        };
        readonly RehearsalBody: {
            /** @description A position or a time. If left out, the live read model as it is. */
            readonly as_of?: string | null;
            /** @description One month; all if left out. */
            readonly period?: string | null;
            /** @description By name. A draft replaces the plan of its name. */
            readonly plans?: {
                readonly [key: string]: components["schemas"]["PlanBody"];
            } | null;
            /** @description Without `effective_from` a draft replaces all cards of its currency. */
            readonly rate_cards?: readonly components["schemas"]["RateCardBody"][] | null;
            /** @description One user; all if left out. */
            readonly user_id?: string | null;
        };
        readonly RehearsalItem: {
            /** @example TWD */
            readonly currency: string;
            readonly difference_cents: number;
            readonly paid_cents: number;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly paid_cost: string;
            /** @example 2026-10 */
            readonly period: string;
            readonly user_id: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly would_have_cost: string;
            readonly would_have_paid_cents: number;
        };
        readonly RehearsalPage: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly error: {
                readonly code: string;
                readonly detail: string;
            } | null;
            readonly finished_at: string | null;
            readonly id: string;
            readonly items: readonly components["schemas"]["RehearsalItem"][];
            readonly next_cursor: string | null;
            readonly progress: {
                readonly events_per_second: number;
                /** @description How many events there are to read. */
                readonly of: number;
                /** @enum {string} */
                readonly phase: "replaying" | "comparing";
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly position: string;
                readonly rows_compared: number;
                readonly seconds_left: number | null;
                /** @description How many events were read. */
                readonly size: number;
            } | null;
            readonly request: {
                /** @description A position or a time. If left out, the live read model as it is. */
                readonly as_of: string | null;
                /** @description One month; all if left out. */
                readonly period: string | null;
                /** @description By name. A draft replaces the plan of its name. */
                readonly plans: {
                    readonly [key: string]: components["schemas"]["PlanBody"];
                };
                /** @description Without `effective_from` a draft replaces all cards of its currency. */
                readonly rate_cards: readonly components["schemas"]["RateCardBody"][];
                /** @description One user; all if left out. */
                readonly user_id: string | null;
            };
            readonly result: {
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly position: string;
                readonly recorded_at: string | null;
                readonly size: number;
                readonly totals: readonly {
                    /** @example TWD */
                    readonly currency: string;
                    readonly difference_cents: number;
                    readonly paid_cents: number;
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly paid_cost: string;
                    /** @example 2026-10 */
                    readonly period: string;
                    readonly users: number;
                    /**
                     * @description An exact decimal, without exponent or trailing zeros.
                     * @example 1.5
                     */
                    readonly would_have_cost: string;
                    readonly would_have_paid_cents: number;
                }[];
                /** @description Completed attempts without a usage log. */
                readonly waiting: number;
                /** @description The same under the drafts. */
                readonly would_have_waited: number;
            } | null;
            readonly started_at: string | null;
            /** @enum {string} */
            readonly status: "queued" | "running" | "done" | "failed";
        };
        readonly Replay: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly error: {
                readonly code: string;
                readonly detail: string;
            } | null;
            readonly finished_at: string | null;
            readonly id: string;
            readonly progress: {
                readonly events_per_second: number;
                /** @description How many events there are to read. */
                readonly of: number;
                /** @enum {string} */
                readonly phase: "replaying" | "comparing";
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly position: string;
                readonly rows_compared: number;
                readonly seconds_left: number | null;
                /** @description How many events were read. */
                readonly size: number;
            } | null;
            readonly request: {
                /** @description A position or a time. If left out, the live read model as it is. */
                readonly as_of: string | null;
                /** @description One month; all if left out. */
                readonly period: string | null;
                /** @description One user; all if left out. */
                readonly user_id: string | null;
            };
            readonly result: {
                readonly closed_periods_checked: number;
                readonly differences: number;
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly head: string;
                /** @description The first differences. A list of jobs leaves them out. */
                readonly items?: readonly {
                    /** @description What differs; empty if one side lacks the row. */
                    readonly fields: readonly string[];
                    readonly key: {
                        readonly [key: string]: unknown;
                    };
                    readonly live: {
                        readonly [key: string]: unknown;
                    } | null;
                    readonly replayed: {
                        readonly [key: string]: unknown;
                    } | null;
                    readonly table: string;
                }[];
                /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
                readonly position: string;
                readonly recorded_at: string | null;
                readonly root: string;
                readonly rows_compared: number;
                readonly size: number;
            } | null;
            readonly started_at: string | null;
            /** @enum {string} */
            readonly status: "queued" | "running" | "done" | "failed";
        };
        readonly ReplayBody: {
            /** @description A position or a time. If left out, the live read model as it is. */
            readonly as_of?: string | null;
            /** @description One month; all if left out. */
            readonly period?: string | null;
            /** @description One user; all if left out. */
            readonly user_id?: string | null;
        };
        readonly Report: {
            readonly by_day: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @example TWD */
                readonly currency: string;
                /** Format: date */
                readonly day: string;
                readonly transcriptions: number;
            }[];
            readonly by_plan: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @example TWD */
                readonly currency: string;
                readonly plan: string;
                readonly transcriptions: number;
            }[];
            readonly by_provider: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @example TWD */
                readonly currency: string;
                readonly stt_provider: string;
                readonly transcriptions: number;
            }[];
            /** @example 2026-10 */
            readonly period: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly top_users: readonly {
                readonly adjustments_cents: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @example TWD */
                readonly currency: string;
                readonly transcriptions: number;
                readonly usage_cost_cents: number;
                readonly user_id: string;
            }[];
            readonly totals: readonly {
                readonly adjustments_cents: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @example TWD */
                readonly currency: string;
                readonly transcriptions: number;
                readonly usage_cost_cents: number;
                readonly users: number;
            }[];
        };
        readonly RotatedWebhook: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly enabled: boolean;
            readonly id: string;
            readonly name: string;
            readonly off_at: string | null;
            readonly off_because: "too_many_waiting" | null;
            /**
             * Format: date-time
             * @description Until then the old secret also signs, and so do earlier ones that still signed.
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly old_secret_until: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            /** @description What signs the deliveries. No other answer shows it. */
            readonly secret: string;
            readonly types: readonly ("minutebook.alert.reached" | "minutebook.billing_period.closed" | "minutebook.adjustment.recorded" | "minutebook.attempt.unrated" | "minutebook.attempt.waiting" | "minutebook.verification.failed" | "minutebook.user.erased")[];
            /** @description https, to a public address. Any other is 422 `webhook_url_not_allowed`. */
            readonly url: string;
        };
        readonly Session: {
            readonly attempts: readonly {
                readonly attempt: number;
                readonly billable: boolean | null;
                readonly completed_at: string | null;
                readonly started_at: string | null;
                /** @enum {string} */
                readonly status: "completed" | "failed" | "open" | "pending" | "unrated";
                readonly transcription_type: ("original" | "retry_success" | "retry_failed") | null;
            }[];
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly cost: string;
            readonly cost_cents: number;
            readonly currency: string | null;
            readonly next_attempt: {
                readonly attempt: number;
                readonly billable: boolean | null;
                readonly transcription_type: ("original" | "retry_success" | "retry_failed") | null;
            };
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position?: string;
            readonly session_id: string;
            readonly usage_logs: readonly components["schemas"]["UsageLog"][];
            readonly user_id: string | null;
        };
        readonly SessionCompleted: {
            readonly data: {
                readonly attempt?: number | null;
                readonly channels?: number | null;
                readonly character_count?: number | null;
                readonly client_id?: string | null;
                readonly confidence_score?: number | null;
                /** @description Seconds with at most 9 decimals, also if sent as a number. A string is exact. */
                readonly duration_seconds: number | string;
                readonly language?: string | null;
                readonly original_filename?: string | null;
                readonly processing_time_seconds?: (number | string) | null;
                readonly provider_metadata?: {
                    readonly [key: string]: unknown;
                } | null;
                readonly session_id: string;
                readonly speaker_count?: number | null;
                readonly stt_provider: string;
                readonly user_id: string;
                readonly word_count?: number | null;
            };
            readonly datacontenttype?: string | null;
            readonly dataschema?: string | null;
            readonly id: string;
            readonly source: string;
            /** @constant */
            readonly specversion: "1.0";
            readonly subject?: string | null;
            /**
             * Format: date-time
             * @description When it happened; required. At most five minutes ahead of the clock of the service.
             */
            readonly time: string;
            /** @constant */
            readonly type: "transcription.session.completed";
        } & {
            readonly [key: string]: null | (string | boolean | number | null);
        };
        readonly SessionFailed: {
            readonly data: {
                readonly attempt?: number | null;
                readonly client_id?: string | null;
                readonly error_code: string;
                readonly error_message?: string | null;
                readonly provider_metadata?: {
                    readonly [key: string]: unknown;
                } | null;
                readonly session_id: string;
                readonly stt_provider: string;
                readonly user_id: string;
            };
            readonly datacontenttype?: string | null;
            readonly dataschema?: string | null;
            readonly id: string;
            readonly source: string;
            /** @constant */
            readonly specversion: "1.0";
            readonly subject?: string | null;
            /**
             * Format: date-time
             * @description When it happened; required. At most five minutes ahead of the clock of the service.
             */
            readonly time: string;
            /** @constant */
            readonly type: "transcription.session.failed";
        } & {
            readonly [key: string]: null | (string | boolean | number | null);
        };
        readonly SessionRetried: {
            readonly data: {
                readonly attempt: number;
                readonly client_id?: string | null;
                readonly provider_metadata?: {
                    readonly [key: string]: unknown;
                } | null;
                readonly reason?: string | null;
                readonly requested_by?: string | null;
                readonly session_id: string;
                readonly stt_provider?: string | null;
                readonly user_id: string;
            };
            readonly datacontenttype?: string | null;
            readonly dataschema?: string | null;
            readonly id: string;
            readonly source: string;
            /** @constant */
            readonly specversion: "1.0";
            readonly subject?: string | null;
            /**
             * Format: date-time
             * @description When it happened; required. At most five minutes ahead of the clock of the service.
             */
            readonly time: string;
            /** @constant */
            readonly type: "transcription.session.retried";
        } & {
            readonly [key: string]: null | (string | boolean | number | null);
        };
        readonly SessionStarted: {
            readonly data: {
                readonly attempt?: number | null;
                readonly client_id?: string | null;
                readonly enable_diarization?: boolean | null;
                readonly file_size_bytes?: number | null;
                readonly language?: string | null;
                readonly original_filename?: string | null;
                readonly provider_metadata?: {
                    readonly [key: string]: unknown;
                } | null;
                readonly session_id: string;
                readonly stt_provider: string;
                readonly user_id: string;
            };
            readonly datacontenttype?: string | null;
            readonly dataschema?: string | null;
            readonly id: string;
            readonly source: string;
            /** @constant */
            readonly specversion: "1.0";
            readonly subject?: string | null;
            /**
             * Format: date-time
             * @description When it happened; required. At most five minutes ahead of the clock of the service.
             */
            readonly time: string;
            /** @constant */
            readonly type: "transcription.session.started";
        } & {
            readonly [key: string]: null | (string | boolean | number | null);
        };
        readonly SignedRoot: {
            /** @description The root as a C2SP checkpoint in a signed note. */
            readonly checkpoint: string;
            /** @description The notes in which each key names the next, oldest first. */
            readonly handovers: readonly string[];
            /** @description SHA-256, lower-case hex. */
            readonly root: string;
            /** @description A number of events. */
            readonly size: number;
            /** @description The keys that check the signatures. The first one signs. */
            readonly verifier_keys: readonly string[];
            /** @description The newest root that each witness cosigned. */
            readonly witnessed: readonly {
                /** @description A signed root with the cosignatures of witnesses. */
                readonly checkpoint: string;
                /** @description The consistency proof between the smaller and the larger of the two roots. */
                readonly proof: readonly string[];
            }[];
        };
        readonly Step: {
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly billed_seconds: string;
            readonly channels_factor: number;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly duration_seconds: string;
            readonly extra_increments: number;
            readonly increment_rounding: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly increment_seconds: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly minimum_seconds: string;
            /** @constant */
            readonly step: "quantity";
            readonly text: string;
        } | {
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly charged_seconds: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly included_seconds: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly left_before: string;
            /** @constant */
            readonly step: "allowance";
            readonly text: string;
        } | {
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly before_seconds: string;
            readonly entry: string;
            readonly parts: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly amount: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly flat_amount: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly per_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly seconds: string;
            }[];
            /** @constant */
            readonly step: "price";
            readonly text: string;
        } | {
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly factor: string;
            /** @constant */
            readonly step: "surcharges";
            readonly text: string;
        } | {
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly cost: string;
            /** @constant */
            readonly step: "cost";
            readonly text: string;
        } | {
            readonly cents_before: number;
            readonly cost_cents: number;
            readonly rounding: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly running_total: string;
            /** @constant */
            readonly step: "cents";
            readonly text: string;
        };
        readonly Summary: {
            readonly adjustments_cents: number;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly billable_minutes: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly billed_seconds: string;
            readonly by_provider: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                readonly stt_provider: string;
                readonly transcriptions: number;
            }[];
            readonly by_transcription_type: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @enum {string} */
                readonly transcription_type: "original" | "retry_success" | "retry_failed";
                readonly transcriptions: number;
            }[];
            readonly closed: boolean;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly cost: string;
            readonly cost_cents: number;
            /** @example TWD */
            readonly currency: string;
            readonly failed_attempts: number;
            readonly free_retries: number;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly included_seconds: string;
            readonly limits: {
                readonly export_formats: readonly string[] | null;
                readonly file_size_bytes: number | null;
                readonly minutes: string | null;
                readonly sessions: number | null;
            };
            readonly other_currencies: readonly string[];
            /** @example 2026-10 */
            readonly period: string;
            readonly plan: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly remaining_minutes: string | null;
            readonly retranscriptions: number;
            readonly sessions: number;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly total_seconds: string;
            readonly transcriptions: number;
            readonly usage_cost_cents: number;
            readonly user_id: string;
        };
        readonly Trend: {
            readonly points: readonly {
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @example TWD */
                readonly currency: string;
                /**
                 * Format: date-time
                 * @example 2026-10-05T10:00:00.000Z
                 */
                readonly from: string;
                /**
                 * Format: date-time
                 * @example 2026-10-05T10:00:00.000Z
                 */
                readonly to: string;
                readonly transcriptions: number;
            }[];
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
        };
        readonly UsageLog: {
            readonly attempt: number;
            readonly billable: boolean;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly billable_minutes: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly billed_seconds: string;
            /** @example 2026-10 */
            readonly billing_period: string;
            /** @enum {string} */
            readonly billing_reason: "transcription_completed" | "retranscription" | "first_success_after_failure" | "retry_after_failure" | "retry_after_failure_free" | "zero_duration";
            readonly channels: number;
            readonly character_count: number | null;
            readonly client_id: string | null;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly completed_at: string;
            readonly confidence_score: number | null;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly cost: string;
            readonly cost_cents: number;
            /** @example TWD */
            readonly currency: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly duration_seconds: string;
            readonly enable_diarization: boolean | null;
            /** @description Whether its user has since been erased. Its personal values are then null. */
            readonly erased: boolean;
            readonly file_size_bytes: number | null;
            readonly id: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly included_seconds: string;
            readonly language: string | null;
            readonly late: boolean;
            readonly original_filename: string | null;
            readonly parent_log_id: string | null;
            readonly plan: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly processing_time_seconds: string | null;
            readonly provider_metadata: Record<string, never> | null;
            readonly rate_card_id: string | null;
            readonly retry_count: number;
            readonly session_id: string;
            readonly speaker_count: number | null;
            readonly started_at: string | null;
            readonly stt_provider: string;
            /** @enum {string} */
            readonly transcription_type: "original" | "retry_success" | "retry_failed";
            /** @example 2026-10 */
            readonly usage_period: string;
            readonly user_id: string;
            readonly word_count: number | null;
        };
        readonly UsageTotals: {
            /** @description When the first log completed; null without one. */
            readonly first_usage_at: string | null;
            readonly last_usage_at: string | null;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly totals: readonly {
                readonly adjustments_cents: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billable_minutes: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly billed_seconds: string;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly cost: string;
                readonly cost_cents: number;
                /** @example TWD */
                readonly currency: string;
                readonly failed_attempts: number;
                /** @example 2026-10 */
                readonly first_period: string;
                readonly free_retries: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly included_seconds: string;
                /** @example 2026-10 */
                readonly last_period: string;
                /** @description Periods with a log, a failure or an adjustment. */
                readonly periods: number;
                readonly retranscriptions: number;
                /**
                 * @description An exact decimal, without exponent or trailing zeros.
                 * @example 1.5
                 */
                readonly total_seconds: string;
                readonly transcriptions: number;
                readonly usage_cost_cents: number;
            }[];
            readonly user_id: string;
        };
        readonly User: {
            /** @example TWD */
            readonly currency: string;
            /**
             * @description The first period with a log, a failure or an adjustment.
             * @example 2026-10
             */
            readonly first_period: string;
            /** @example 2026-10 */
            readonly last_period: string;
            /** @description In force now. */
            readonly plan: string;
            readonly user_id: string;
        };
        readonly UserPlan: {
            /** @description Whether the plan was assigned; if not, it is the plan of users without an assignment. */
            readonly assigned: boolean;
            /** @example TWD */
            readonly currency: string;
            /** @description null: from the beginning. */
            readonly effective_from: string | null;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly included_minutes: string;
            readonly limits: {
                readonly export_formats: readonly string[] | null;
                readonly file_size_bytes: number | null;
                readonly minutes: string | null;
                readonly sessions: number | null;
            };
            /** @description The plan that replaces it later. */
            readonly next: {
                /** @description Whether the plan was assigned; if not, it is the plan of users without an assignment. */
                readonly assigned: boolean;
                /** @description The currency that the assignment set. */
                readonly currency: string | null;
                /** @description Inclusive; null: from the beginning. */
                readonly from: string | null;
                readonly plan: string;
                /** @description Exclusive; null: until further notice. */
                readonly to: string | null;
            } | null;
            readonly plan: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly user_id: string;
        };
        readonly VendorLine: {
            readonly cost?: (number | string) | null;
            readonly currency?: string | null;
            readonly duration_seconds: number | string;
            readonly request_id?: string | null;
            readonly session_id?: string | null;
            readonly started_at?: string | null;
        };
        readonly Verdict: {
            readonly code?: string;
            readonly detail?: string;
            readonly fields?: readonly string[] | null;
            readonly id: string | null;
            readonly pointer?: string | null;
            readonly position: string | null;
            readonly source: string | null;
            /** @enum {string} */
            readonly status: "recorded" | "duplicate" | "rejected";
        };
        readonly VoidBody: {
            readonly reason: string;
        };
        readonly Waiting: {
            readonly age_seconds: number;
            readonly attempt: number;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly completed_at: string;
            /** @example TWD */
            readonly currency: string;
            /**
             * @description An exact decimal, without exponent or trailing zeros.
             * @example 1.5
             */
            readonly duration_seconds: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly session_id: string;
            /** @enum {string} */
            readonly status: "pending" | "unrated";
            readonly stt_provider: string;
            readonly user_id: string;
            readonly value_at_risk: string | null;
        };
        readonly Webhook: {
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly created_at: string;
            readonly enabled: boolean;
            readonly id: string;
            readonly name: string;
            readonly off_at: string | null;
            readonly off_because: "too_many_waiting" | null;
            readonly types: readonly ("minutebook.alert.reached" | "minutebook.billing_period.closed" | "minutebook.adjustment.recorded" | "minutebook.attempt.unrated" | "minutebook.attempt.waiting" | "minutebook.verification.failed" | "minutebook.user.erased")[];
            /** @description https, to a public address. Any other is 422 `webhook_url_not_allowed`. */
            readonly url: string;
        };
        readonly WebhookBody: {
            readonly enabled?: boolean | null;
            readonly name: string;
            readonly types: readonly ("minutebook.alert.reached" | "minutebook.billing_period.closed" | "minutebook.adjustment.recorded" | "minutebook.attempt.unrated" | "minutebook.attempt.waiting" | "minutebook.verification.failed" | "minutebook.user.erased")[];
            /** @description https, to a public address. Any other is 422 `webhook_url_not_allowed`. */
            readonly url: string;
        };
        readonly WebhookChange: {
            readonly enabled?: boolean | null;
            readonly name?: string | null;
            readonly types?: readonly ("minutebook.alert.reached" | "minutebook.billing_period.closed" | "minutebook.adjustment.recorded" | "minutebook.attempt.unrated" | "minutebook.attempt.waiting" | "minutebook.verification.failed" | "minutebook.user.erased")[] | null;
            readonly url?: string | null;
        };
        readonly WebhookTest: {
            /** @description What the receiver answered, up to 4 KiB. */
            readonly body: string | null;
            readonly delivered: boolean;
            readonly duration_ms: number;
            readonly error: string | null;
            readonly message_id: string;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly status: number | null;
        };
        readonly Written: {
            /** @description Null only if an earlier version recorded it and it is not an adjustment or a void. */
            readonly author: string | null;
            /** @description What the event says. */
            readonly data: Record<string, never>;
            readonly period: string | null;
            /** @description A place in ledger order. It is opaque and grows. Give it to a read as `at_least`. */
            readonly position: string;
            readonly reason: string | null;
            /**
             * Format: date-time
             * @example 2026-10-05T10:00:00.000Z
             */
            readonly recorded_at: string;
            readonly session_id: string | null;
            readonly stream: string;
            /** @enum {string} */
            readonly type: "rate_card.published" | "plan.defined" | "plan.defaulted" | "plan.assigned" | "usage.adjusted" | "session.voided" | "billing_period.closed";
            readonly user_id: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The SHA-256 of the body. Only answers about the past and signed roots have it. */
        readonly ETag: string;
        /** @description How many recorded events the answer does not include yet. */
        readonly "minutebook-behind": number;
        /** @description The position of the last event that the answer includes, or of the write. */
        readonly "minutebook-position": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly postApiEvents: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/cloudevents-batch+json": readonly components["schemas"]["OpenMeterEvent"][];
                readonly "application/cloudevents+json": components["schemas"]["OpenMeterEvent"];
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description Nothing was rejected. The header minutebook-position has the position. */
            readonly 204: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The event was rejected, or some events of a batch were (`events_rejected`, with all verdicts in `results`). */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["EventsRejected"] | components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getHealthLive: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Liveness"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 431: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getHealthReady: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 431: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The service is not ready. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    readonly getAdjustments: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
                /** @description Only adjustments that count in this month. */
                readonly period?: string;
                /** @description Only those of one user. */
                readonly user_id?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ListedAdjustment"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postAdjustments: {
        readonly parameters: {
            readonly query?: never;
            readonly header: {
                /** @description New for each write, but the same if you send that write again. */
                readonly "Idempotency-Key": string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AdjustmentBody"];
            };
        };
        readonly responses: {
            /** @description Recorded, now or earlier under the same key. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Adjustment"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAlerts: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Alert"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postAlerts: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AlertBody"];
            };
        };
        readonly responses: {
            /** @description Made. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["NewAlert"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteAlertsById: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Its id. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The alert is deleted. The header minutebook-position has the position. */
            readonly 204: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditBundle: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description A month; all if left out. */
                readonly period?: string;
                /** @description A user; all if left out. */
                readonly user_id?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The bundle (docs/reference/bundle.md). If its last line is missing, it is incomplete. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-ndjson": string;
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditCheckpoint: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The signed note. `ETag` names it. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
            /** @description The newest root is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditConsistency: {
        readonly parameters: {
            readonly query: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description A number of events. */
                readonly first: number;
                /** @description A number of events; all if left out. */
                readonly second?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ConsistencyProof"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description Only events after this position. */
                readonly after?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
                /** @description Only events of one session. */
                readonly session_id?: string;
                /** @description Only a user's facts, voids of their sessions, and events on their account. A page may then be short, even empty, while next_cursor is not null. */
                readonly user_id?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["LedgerEvent"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditExport: {
        readonly parameters: {
            readonly query: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description CSV, NDJSON, FOCUS 1.2 as CSV or an hledger journal. */
                readonly format: "csv" | "ndjson" | "focus" | "hledger";
                /** @description A month. */
                readonly period: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The file. The header minutebook-position has its position in the ledger. An answer that breaks off is not complete. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-ndjson": string;
                    readonly "text/csv": string;
                    readonly "text/plain": string;
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditLeaks: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description Only leaks of one kind. */
                readonly kind?: "unfinished" | "pending" | "unrated";
                /** @description The most items on a page. */
                readonly limit?: number;
                /** @description Only leaks that are at least this old. */
                readonly older_than_seconds?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["LeakReport"];
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditPending: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Waiting"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditProofsByIndex: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description A number of events; all if left out. */
                readonly size?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description The event's number in ledger order, from 0. */
                readonly index: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InclusionProof"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditRebuilds: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Rebuild"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postAuditRebuilds: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Accepted. The header `location` holds the address of the job. */
            readonly 202: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Rebuild"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditRebuildsById: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The id in the answer to the request. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Its current state. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Rebuild"];
                    readonly "text/event-stream": string;
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditReconciliations: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Reconciliation"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postAuditReconciliations: {
        readonly parameters: {
            readonly query?: {
                /** @description Where `provider_metadata` holds the vendor's request id, as a JSON pointer; `/request_id` if left out. */
                readonly match?: string;
                /** @description The month. */
                readonly period?: string;
                /** @description The provider. */
                readonly provider?: string;
                /** @description How many seconds durations may differ by. */
                readonly tolerance_seconds?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReconciliationBody"];
                readonly "text/csv": string;
            };
        };
        readonly responses: {
            /** @description Accepted. The header `location` holds the address of the job. */
            readonly 202: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Reconciliation"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditReconciliationsById: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The id in the answer to the request. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Reconciliation"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditReconciliationsByIdItems: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The header `accept` can also choose the format. */
                readonly format?: "json" | "csv";
                /** @description Only items of one kind. */
                readonly kind?: "matched" | "only_vendor" | "only_ledger" | "duration_differs" | "repeated";
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description The id in the answer to the request. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Lines in their order, then logs without a line. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ReconciliationItem"][];
                        readonly next_cursor: string | null;
                    };
                    readonly "text/csv": string;
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditRehearsals: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Rehearsal"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postAuditRehearsals: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RehearsalBody"];
            };
        };
        readonly responses: {
            /** @description Accepted. The header `location` holds the address of the job. */
            readonly 202: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Rehearsal"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditRehearsalsById: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The header `accept` can also choose the format. */
                readonly format?: "json" | "csv";
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description The id in the answer to the request. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Its current state. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RehearsalPage"];
                    readonly "text/csv": string;
                    readonly "text/event-stream": string;
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditReplays: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Replay"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postAuditReplays: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReplayBody"];
            };
        };
        readonly responses: {
            /** @description Accepted. The header `location` holds the address of the job. */
            readonly 202: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Replay"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditReplaysById: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The id in the answer to the request. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Its current state. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Replay"];
                    readonly "text/event-stream": string;
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditRoot: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description A number of events; all if left out. */
                readonly size?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignedRoot"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAuditWrites: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Written"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getBillingPeriods: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["BillingPeriod"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postBillingPeriodsByPeriodClose: {
        readonly parameters: {
            readonly query?: never;
            readonly header: {
                /** @description New for each write, but the same if you send that write again. */
                readonly "Idempotency-Key": string;
            };
            readonly path: {
                /** @description The month. */
                readonly period: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CloseBody"];
            };
        };
        readonly responses: {
            /** @description Nothing was recorded, because nothing would change. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Close"];
                };
            };
            /** @description Recorded, now or earlier under the same key. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Close"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getCaller: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Caller"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putDefaultPlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header: {
                /** @description New for each write, but the same if you send that write again. */
                readonly "Idempotency-Key": string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DefaultPlanBody"];
            };
        };
        readonly responses: {
            /** @description Recorded, now or earlier under the same key. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DefaultPlan"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postEvents: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/cloudevents-batch+json": readonly components["schemas"]["Event"][];
                readonly "application/cloudevents+json": components["schemas"]["Event"];
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description One duplicate, or a batch without a rejection. */
            readonly 200: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Recorded"];
                };
            };
            /** @description One event, recorded. */
            readonly 201: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Recorded"];
                };
            };
            /** @description A batch with a rejection. */
            readonly 207: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Recorded"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getKeys: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Key"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postKeys: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["KeyBody"];
            };
        };
        readonly responses: {
            /** @description Made. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["NewKey"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteKeysById: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The key's id. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The key is revoked. The header minutebook-position has the position. */
            readonly 204: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getPlans: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Plan"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putPlansByPlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header: {
                /** @description New for each write, but the same if you send that write again. */
                readonly "Idempotency-Key": string;
            };
            readonly path: {
                /** @description Its name. */
                readonly plan: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PlanBody"];
            };
        };
        readonly responses: {
            /** @description Nothing was recorded, because nothing would change. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Plan"];
                };
            };
            /** @description Recorded, now or earlier under the same key. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Plan"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRateCards: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["RateCard"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postRateCards: {
        readonly parameters: {
            readonly query?: never;
            readonly header: {
                /** @description New for each write, but the same if you send that write again. */
                readonly "Idempotency-Key": string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RateCardBody"];
            };
        };
        readonly responses: {
            /** @description Recorded, now or earlier under the same key. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RateCard"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getReportsUsage: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description A month; the current one if left out. */
                readonly period?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Report"];
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSessions: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
                /** @description Only ids that contain this, in any letter case. One answer looks at 50,000 ids, so a page may be short, or even empty, while next_cursor is not null. */
                readonly search?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ListedSession"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSessionsBySessionId: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The session. */
                readonly session_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postSessionsBySessionIdVoid: {
        readonly parameters: {
            readonly query?: never;
            readonly header: {
                /** @description New for each write, but the same if you send that write again. */
                readonly "Idempotency-Key": string;
            };
            readonly path: {
                /** @description The session. */
                readonly session_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["VoidBody"];
            };
        };
        readonly responses: {
            /** @description Recorded, now or earlier under the same key. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsageLogs: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
                /** @description Only ids that contain this, in any letter case. One answer looks at 50,000 ids, so a page may be short, or even empty, while next_cursor is not null. */
                readonly search?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ListedUsageLog"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsageLogsById: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The id of a usage log. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ExplainedUsageLog"];
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsageSummaries: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
                /** @description A month; the current one if left out. */
                readonly period?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Summary"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsers: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
                /** @description Only ids that contain this, in any letter case. One answer looks at 50,000 ids, so a page may be short, or even empty, while next_cursor is not null. */
                readonly search?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["User"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsersByUserIdEntitlement: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description A format, such as srt. */
                readonly export_format?: string;
                /** @description The size of a file, in bytes. */
                readonly file_size_bytes?: number;
                /** @description Minutes about to be used, a decimal; 0 if left out. */
                readonly minutes?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Entitlement"];
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postUsersByUserIdErase: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["EraseBody"];
            };
        };
        readonly responses: {
            /** @description The user was erased before, and no personal value was recorded since. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Erasure"];
                };
            };
            /** @description Erased. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Erasure"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsersByUserIdPlan: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["UserPlan"];
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putUsersByUserIdPlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header: {
                /** @description New for each write, but the same if you send that write again. */
                readonly "Idempotency-Key": string;
            };
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["AssignPlanBody"];
            };
        };
        readonly responses: {
            /** @description Recorded, now or earlier under the same key. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AssignedPlan"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsersByUserIdPlanHistory: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["PlanStretch"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsersByUserIdUsageHistory: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description The user's if left out. */
                readonly currency?: string;
                /** @description How many months. */
                readonly months?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Summary"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsersByUserIdUsageLogs: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
                /** @description Only logs of one month. */
                readonly period?: string;
                /** @description Only logs of one provider. */
                readonly provider?: string;
                /** @description Only logs of one type. */
                readonly transcription_type?: "original" | "retry_success" | "retry_failed";
            };
            readonly header?: never;
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["UsageLog"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsersByUserIdUsageSummary: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description The user's if left out. */
                readonly currency?: string;
                /** @description A month; the current one if left out. */
                readonly period?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Summary"];
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsersByUserIdUsageTotals: {
        readonly parameters: {
            readonly query?: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["UsageTotals"];
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getUsersByUserIdUsageTrend: {
        readonly parameters: {
            readonly query: {
                /** @description The answer as it was known at this position or time. */
                readonly as_of?: string;
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description The user's if left out. */
                readonly currency?: string;
                /** @description Inclusive. */
                readonly from: string;
                /** @description In the ledger's zone; weeks begin on Monday. At most 400 points. */
                readonly group_by?: "day" | "week" | "month";
                /** @description Exclusive. */
                readonly to: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description The user. */
                readonly user_id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Trend"];
                };
            };
            /** @description With `as_of`: the answer is still the one that `If-None-Match` names. */
            readonly 304: {
                headers: {
                    readonly ETag: components["headers"]["ETag"];
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getWebhooks: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Webhook"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postWebhooks: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["WebhookBody"];
            };
        };
        readonly responses: {
            /** @description Made. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["NewWebhook"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteWebhooksById: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Its id. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The webhook is deleted. The header minutebook-position has the position. */
            readonly 204: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly patchWebhooksById: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Its id. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["WebhookChange"];
            };
        };
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ChangedWebhook"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getWebhooksByIdDeliveries: {
        readonly parameters: {
            readonly query?: {
                /** @description Waits (at most 2 s) until the read model has this position. */
                readonly at_least?: string;
                /** @description next_cursor from this list's previous answer. */
                readonly cursor?: string;
                /** @description The most items on a page. */
                readonly limit?: number;
                /** @description Only deliveries with one status. */
                readonly status?: "waiting" | "delivered" | "failed";
            };
            readonly header?: never;
            readonly path: {
                /** @description Its id. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly "minutebook-behind": components["headers"]["minutebook-behind"];
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Delivery"][];
                        readonly next_cursor: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postWebhooksByIdDeliveriesByDeliveryIdRedeliver: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The delivery's id. */
                readonly delivery_id: string;
                /** @description Its id. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The delivery is queued. */
            readonly 202: {
                headers: {
                    readonly "minutebook-position": components["headers"]["minutebook-position"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeliveryAgain"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postWebhooksByIdRotateSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Its id. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RotatedWebhook"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postWebhooksByIdTest: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description Its id. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The answer. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WebhookTest"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A problem (RFC 9457): `code` says which, `detail` what to do. */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
