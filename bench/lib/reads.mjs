/** The most frequent reads of a user's month. */
import { cannon } from './cannon.mjs';
import { usersOf } from './projected.mjs';
import { summaryPath } from './send.mjs';

const USERS = 500;
const PAGE = 50;

/**
 * Only full pages can be compared: in a small ledger, most users have a dozen logs. `least`: how many logs a user must
 * have.
 */
const READS = {
  summary: { least: 1, path: (user, month) => summaryPath(user, `period=${month}`) },
  page: {
    least: PAGE,
    path: (user, month) => `/v1/users/${user}/usage-logs?period=${month}&limit=${PAGE}`,
  },
};

export const pathOf = (what, user, month) => READS[what].path(user, month);

/** @returns the paths of a read, of up to 500 users of a ledger with read models. */
export const pathsOf = (what, folder, month) =>
  usersOf(folder, month, READS[what].least, USERS).map((user) => pathOf(what, user, month));

/** Reads the paths over many connections, with the reader's key if there are keys. @returns requests a second. */
export async function fire({ url, keys }, paths, seconds) {
  const headers = keys ? { authorization: `Bearer ${keys.reader}` } : {};
  return (await cannon({ url, method: 'GET', paths, seconds, headers })).per_second;
}
