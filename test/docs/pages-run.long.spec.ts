import { execFileSync } from 'node:child_process';

import { blocksOf, isAsShown, PageRun, type Block } from '../support/page-run';
import { build } from '../support/process';

const hasProgram = (name: string) => {
  try {
    execFileSync('bash', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Starts a service on an empty ledger. */
const SERVED = `npm run build
npm start
`;
const KEY = `key() { node -p "require('./data/initial-keys.json').$1"; }
`;
/** The usage that pages about a ledger in use assume: two months of a user. */
const event = (id: string, time: string, seconds: number) =>
  `{"specversion":"1.0","id":"${id}","source":"my/worker","type":"transcription.session.completed","time":"${time}","data":{"session_id":"${id}","user_id":"ann","stt_provider":"google","duration_seconds":${seconds}}}`;
const USED = `${KEY}curl -sS -H "authorization: Bearer $(key producer)" http://127.0.0.1:3000/v1/events -H 'content-type: application/cloudevents-batch+json' -d '[${[
  event('aug', '2026-08-20T10:00:00Z', 61),
  event('sep', '2026-09-20T10:00:00Z', 90.5),
  event('oct', '2026-10-20T10:00:00Z', 30),
].join(',')}]'
`;

/** A user who asks to be erased, and a request that a vendor has listed, with the file names that the pages use. */
const ASKED = USED.replace('"user_id":"ann"', '"user_id":"user-42"');
const REQUEST = {
  request_id: 'req-1',
  created: '2026-10-20T10:00:00Z',
  response: { code: 200, details: { usd: 0.01, duration: 30 } },
};
const LISTED = `${USED.replaceAll('"google"', '"deepgram"').replaceAll('"duration_seconds":30', '"provider_metadata":{"request_id":"req-1"},"duration_seconds":30')}cat > requests.json <<'LIST'
${JSON.stringify({ requests: [REQUEST] })}
LIST
printf 'request_id,duration_seconds\\nreq-1,30\\n' > list.csv
`;

/** How a page is typed into a shell. */
interface Page {
  /** What the page assumes, one step per entry. */
  readonly before?: readonly string[];
  /** Commands that are not typed: the reader must fill them in, or they need a program or host that may be absent. */
  readonly not?: RegExp;
  /** Commands whose exit status reports that something is wrong. */
  readonly fails?: RegExp;
  /** A shown text that is not the output of the command above it. */
  readonly example?: RegExp;
}

const PAGES: Readonly<Record<string, Page>> = {
  'README.md': { not: /^npm ci/ },
  'docs/tutorial/first-bill.md': { not: /^npm ci/ },
  'docs/how-to/send-events.md': { before: [SERVED, KEY] },
  'docs/how-to/choose-prices-and-plans.md': { example: /^The configuration has mistakes/ },
  'docs/how-to/export-to-your-books.md': { before: [SERVED, USED], not: /hledger -f/ },
  'docs/how-to/manage-keys.md': { before: [SERVED], not: /revoke key_/ },
  'docs/how-to/prove-a-bill.md': { before: [SERVED, USED], not: /ledger\.vkey/ },
  'docs/how-to/replay-and-rehearse.md': { before: [SERVED, USED] },
  'docs/how-to/rebuild-read-models.md': { before: [SERVED, USED] },
  'docs/how-to/import-a-file.md': { before: [SERVED, KEY], fails: /cli -- import/ },
  'docs/how-to/move-over-from-a-usage-table.md': { not: /psql/, fails: /cli -- import/ },
  'docs/how-to/come-from-openmeter.md': { not: /OPENMETER_KEY/, fails: /cli -- import/ },
  'docs/how-to/get-told.md': { before: [SERVED, KEY], not: /…|example\.com/ },
  'docs/how-to/back-up-and-restore.md': { before: [SERVED, KEY], not: /rm -rf data/ },
  'docs/how-to/change-the-signing-key.md': { before: [SERVED] },
  'docs/how-to/close-a-month.md': { before: [SERVED, USED] },
  'docs/how-to/put-a-closed-month-right.md': { before: [SERVED, USED] },
  'docs/how-to/watch-the-service.md': { before: [SERVED] },
  'docs/reference/finance.md': { before: [SERVED, KEY] },
  'docs/how-to/erase-a-user.md': { before: [SERVED, ASKED], not: /--seal/ },
  'docs/how-to/publish-roots.md': {
    before: [SERVED, USED],
    not: /CHECKPOINT_FOLDER/,
    example: /--witnesses/,
  },
  'docs/how-to/put-it-on-a-network.md': { not: /HOST=/ },
  'docs/how-to/reconcile-with-a-vendor.md': { before: [SERVED, LISTED] },
};

const missing = ['bash', 'curl', 'pkill'].filter((name) => !hasProgram(name));
const described = missing.length === 0 ? describe : describe.skip;

described(
  `the pages, typed into a shell${missing.map((name) => ` (no ${name} here)`).join('')}`,
  () => {
    beforeAll(() => build(), 120_000);

    it.each(Object.entries(PAGES))('%s does what it says', async (path, page) => {
      const run = new PageRun();
      try {
        const ran = await run.run(typed(path, page), page.before ?? []);
        expect(ran.length).toBeGreaterThan(0);
        for (const { command, status, output, shown } of ran) {
          const right = page.fails?.test(command) === true ? 1 : 0;
          expect({ command, status, output }).toMatchObject({ status: right });
          if (shown === undefined || isAsShown(output, shown.text)) continue;
          expect({ command, output }).toEqual({ command, output: shown.text });
        }
      } finally {
        run.end();
      }
    });
  },
);

/** The commands of a page that are typed, each with the output that the page shows. */
function typed(path: string, { not, example }: Page): Block[] {
  let isTyped = true;
  return blocksOf(path).filter(({ kind, text }) => {
    if (kind === 'sh') isTyped = not?.test(text) !== true;
    return isTyped && example?.test(text) !== true;
  });
}
