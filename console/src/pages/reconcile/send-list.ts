import { Refused } from '../../api/answer';
import type { Schema } from '../../api/client';
import { credential } from '../../api/credential';
import { t } from '../../i18n/language';

/** The parameters beside a vendor's list. An empty one takes the service's default. */
interface Order {
  readonly provider: string;
  readonly period: string;
  readonly match: string;
  readonly tolerance_seconds: string;
}

/** Sends a vendor's list unchanged. @returns the id of the comparison. @throws Refused */
export async function sendList(file: File, order: Order): Promise<string> {
  const said = Object.entries(order).filter(([, value]) => value !== '');
  const isJson = /\.json$/i.test(file.name) || file.type === 'application/json';
  const { path, type, body } = isJson
    ? { path: '', type: 'application/json', body: await asJson(file, Object.fromEntries(said)) }
    : { path: `?${new URLSearchParams(said).toString()}`, type: 'text/csv', body: file };
  const response = await fetch(`/v1/audit/reconciliations${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credential()}`, 'content-type': type },
    body,
  });
  const answer = (await response.json().catch(() => ({}))) as Partial<Schema<'Problem'>> & {
    readonly id?: string;
  };
  if (response.ok && answer.id !== undefined) return answer.id;
  throw new Refused(
    response.status,
    answer.code ?? 'unknown',
    answer.detail ?? t('The service answered {0}.', response.status),
    answer.pointer,
  );
}

/**
 * Merges the parameters into a JSON list: the request has one body, and the vendors' own lists have no fields for them.
 */
async function asJson(file: File, said: Readonly<Record<string, string>>): Promise<string> {
  let list: unknown;
  try {
    list = JSON.parse(await file.text());
  } catch {
    throw new Refused(0, 'no_json', t('The file is not JSON. A CSV file’s name ends in .csv.'));
  }
  const lines = Array.isArray(list) ? { lines: list as unknown[] } : (list as object);
  return JSON.stringify({ ...lines, ...said });
}
