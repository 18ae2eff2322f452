import type { Json } from '../domain/events/facts';
import { readBody } from '../http/json-body';
import { ReconciliationBody, requestOf, type ReconciliationRequest } from './asked';
import { collectLines } from './reconcile';
import type { ListFile } from './reconciliations';
import { csvVendorLines, readJsonList } from './vendor-list';

/**
 * Reads a list that was uploaded into a work file.
 * @throws Problem with a pointer to what is wrong.
 */
export async function readList({ file, work, request }: ListFile): Promise<ReconciliationRequest> {
  if (request !== undefined) {
    await collectLines(work, csvVendorLines(file));
    return request;
  }
  const { lines, beside } = await readJsonList(file);
  const asked = requestOf(readBody(beside as Json, ReconciliationBody));
  await collectLines(work, lines);
  return asked;
}
