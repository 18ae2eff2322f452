import { Decimal, print } from '../../domain/money';
import type { UsageLogView } from '../../read-model/views';
import { getJson } from '../client';
import { withBar } from '../progress';
import { counted } from '../../lib/counted';

/** The fields of a summary that the demo prints. */
export interface Summary {
  readonly user_id: string;
  readonly period: string;
  readonly currency: string;
  readonly sessions: number;
  readonly transcriptions: number;
  readonly failed_attempts: number;
  readonly free_retries: number;
  readonly retranscriptions: number;
  readonly total_seconds: string;
  readonly billed_seconds: string;
  readonly billable_minutes: string;
  readonly cost: string;
  readonly cost_cents: number;
}

interface ExplainedLog extends UsageLogView {
  readonly explanation: {
    readonly steps: readonly { readonly step: string; readonly text: string }[];
  };
}

/** Reads each user's summaries of the last two months in which the user has usage. */
export function readSummaries(
  url: string,
  key: string,
  users: readonly string[],
  position: string,
): Promise<readonly Summary[]> {
  return withBar('reading summaries', 'users', users.length, async (bar) => {
    const summaries: Summary[] = [];
    for (const [index, user] of users.entries()) {
      const { items } = await getJson<{ items: Summary[] }>(
        `${url}/v1/users/${encodeURIComponent(user)}/usage-history?months=2&at_least=${position}`,
        key,
      );
      summaries.push(...items.filter((one) => one.transcriptions > 0));
      bar.to(index + 1);
    }
    return summaries;
  });
}

export function printTotals(summaries: readonly Summary[], users: number): void {
  const sum = (value: (one: Summary) => string | number) =>
    print(summaries.reduce((total, one) => total.plus(value(one)), new Decimal(0)));
  const currency = summaries[0]?.currency ?? '';
  console.log(`\nTotals of ${counted(users, 'user')}:
  usage logs        ${sum((one) => one.transcriptions)}
  recorded seconds  ${sum((one) => one.total_seconds)}
  billed seconds    ${sum((one) => one.billed_seconds)}
  billed minutes    ${sum((one) => one.billable_minutes)}
  cost              ${sum((one) => one.cost)} ${currency}`);
}

/** Prints the highest bill, and explains one of its charges. */
export async function printBill(
  url: string,
  key: string,
  summaries: readonly Summary[],
): Promise<void> {
  const summary = summaries.reduce((most, one) => (one.cost_cents > most.cost_cents ? one : most));
  const { user_id: user, period, currency } = summary;
  console.log(`\nThe summary of ${user} for ${period} (${url}/v1/users/${user}/usage-summary?period=${period}):
  sessions          ${summary.sessions}
  transcriptions    ${summary.transcriptions} (${summary.retranscriptions} requested again, ${counted(summary.free_retries, 'free retry', 'free retries')})
  failed attempts   ${summary.failed_attempts}
  billed minutes    ${summary.billable_minutes}
  cost              ${summary.cost} ${currency}, ${counted(summary.cost_cents, 'cent')}`);
  const { items } = await getJson<{ items: UsageLogView[] }>(
    `${url}/v1/users/${user}/usage-logs?period=${period}&limit=500`,
    key,
  );
  const chosen =
    items.find((log) => log.billing_reason === 'first_success_after_failure') ?? items[0]!;
  const address = `${url}/v1/usage-logs/${encodeURIComponent(chosen.id)}`;
  const log = await getJson<ExplainedLog>(address, key);
  console.log(`\nOne of its charges, explained (${address}):
  ${log.duration_seconds} s by ${log.stt_provider}, attempt ${log.attempt}, ${log.transcription_type}: ${log.billing_reason}`);
  for (const { step, text } of log.explanation.steps) console.log(`  ${step.padEnd(11)} ${text}`);
}
