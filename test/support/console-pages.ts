/** A page of the console, and a text that it shows once it has loaded. */
type ShownPage = readonly [hash: string, text: string];

/** Every page of the console. `test/console/pages.spec.ts` says which is missing. @param month `YYYY-MM`. */
export const pagesOf = (month: string): readonly ShownPage[] => [
  ['#/period', 'Top users'],
  ['#/users', 'Find users'],
  ['#/users?search=a', 'All users with usage'],
  ['#/users/ann', 'Statement'],
  ['#/users/ann/compare?a=11', 'Lines that changed'],
  ['#/find?search=rec', 'Usage logs'],
  ['#/sessions/rec-3', 'Attempts'],
  ['#/logs/rec-3~1', 'Why it costs this'],
  ['#/waiting', 'Oldest first'],
  ['#/closing', 'Months'],
  [`#/closing/${month}`, 'The close'],
  ['#/prices', 'A new card'],
  ['#/ledger', 'Signed root'],
  ['#/writes', 'Newest first'],
  ['#/alerts', 'All alerts'],
  ['#/webhooks', 'All webhooks'],
  ['#/checks', 'Check a bundle'],
  ['#/reconcile', 'Earlier comparisons'],
  ['#/operations', 'Health'],
  ['#/keys', 'All keys'],
];
