import { Delivery } from '../../clients/typescript/src/producer/delivery.js';
import { fateOf } from '../../clients/typescript/src/producer/verdicts.js';
import { MEANINGS, PROBLEM_CODES } from '../../src/http/problem';
import { askPython, itWithPython } from '../support/python';
import { problem, StubLedger } from '../support/stub-ledger';

const EVENT = JSON.stringify({ id: 'a', source: 'test/worker' });

/** Codes for which a sender tries parts of the body. */
const body = PROBLEM_CODES.filter((code) => MEANINGS[code].refuses === 'body').sort();
/** Codes for which it keeps the event. */
const passing = PROBLEM_CODES.filter((code) => MEANINGS[code].passes).sort();

describe('the refusals that senders of events know', () => {
  it('are those of the TypeScript client', async () => {
    const rejected = {
      id: 'a',
      source: 'test/worker',
      status: 'rejected',
      position: null,
    } as const;
    const kept = PROBLEM_CODES.filter((code) => fateOf({ ...rejected, code }, EVENT) === 'later');
    expect(kept.sort()).toEqual(passing);

    const stub = await StubLedger.start();
    const delivery = new Delivery({ url: stub.url, key: undefined, timeoutMs: 5_000 });
    try {
      const halved: string[] = [];
      for (const code of PROBLEM_CODES) {
        stub.answer(() => problem(MEANINGS[code].status, code));
        if ((await delivery.send([EVENT])).kind === 'unfit') halved.push(code);
      }
      expect(halved.sort()).toEqual(body);
    } finally {
      delivery.abort();
      await stub.close();
    }
  });

  itWithPython('are those of the Python client', async () => {
    expect(await askPython(LISTS)).toEqual({ body, passing });
    // It knows them by these statuses, too.
    const statuses = new Set(body.map((code) => MEANINGS[code].status));
    expect([...statuses].sort()).toEqual([400, 413]);
  });

  it('are about single events if they pass', () => {
    expect(passing.map((code) => MEANINGS[code].refuses)).toEqual(passing.map(() => 'event'));
  });
});

const LISTS = `
import json
from minutebook.door import _WHOLE_REQUEST
from minutebook.sender import _HELD_CODES

print(json.dumps({"body": sorted(_WHOLE_REQUEST), "passing": sorted(_HELD_CODES)}))
`;
