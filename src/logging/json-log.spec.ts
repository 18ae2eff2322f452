import { JsonLog } from './json-log';
import { LogLine } from './log-line';
import { requestContext } from './request-context';

function record(level: ConstructorParameters<typeof JsonLog>[0], work: (log: JsonLog) => void) {
  const lines: string[] = [];
  work(new JsonLog(level, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log in JSON', () => {
  it('has a level, a time, a message and its source', () => {
    const [line] = record('info', (log) => log.warn('It waits.', 'event store'));
    expect(line).toMatchObject({ level: 'warn', msg: 'It waits.', context: 'event store' });
    expect(new Date(line!['time'] as string).toISOString()).toBe(line!['time']);
    expect(line).not.toHaveProperty('request_id');
  });

  it('names the request that is being answered, and its trace', () => {
    const [one, other] = record('info', (log) => {
      requestContext.run({ requestId: 'r-1', traceId: 't-1' }, () =>
        log.error('It broke.', 'http'),
      );
      requestContext.run({ requestId: 'r-2', traceId: undefined }, () => log.error('It broke.'));
    });
    expect(one).toMatchObject({ request_id: 'r-1', trace_id: 't-1' });
    expect(other).toMatchObject({ request_id: 'r-2' });
    expect(other).not.toHaveProperty('trace_id');
  });

  it('keeps the message to one sentence, with the stack in its own field', () => {
    const error = new TypeError('It can not be.');
    const [line] = record('info', (log) => log.error(error.stack, 'projector'));
    expect(line).toMatchObject({ msg: 'TypeError: It can not be.', stack: error.stack });
    const [of] = record('info', (log) => log.error(error));
    expect(of).toMatchObject({ msg: 'TypeError: It can not be.', stack: error.stack });
  });

  it('has the fields of a line, keeps to the chosen level, and leaves out most lines of the framework', () => {
    const say = (log: JsonLog) => {
      log.debug(new LogLine('GET /: 200', { status: 200 }), 'http');
      log.log('Mapped {/v1}', 'RouterExplorer');
      log.log('It is there.', 'serve');
      log.verbose('more');
      log.fatal('It ends.', 'serve');
    };
    expect(record('info', say).map(({ msg }) => msg)).toEqual(['It is there.', 'It ends.']);
    expect(record('debug', say)).toHaveLength(4);
    expect(record('debug', say)[0]).toMatchObject({ msg: 'GET /: 200', status: 200 });
    expect(record('trace', say)).toHaveLength(5);
    expect(record('silent', say)).toEqual([]);
  });

  it('holds no secret, whatever a library says', () => {
    const key = `mb_admin_${'x'.repeat(49)}`;
    const said = `connect esdb://admin:changeit@db:2113, postgres://u:p@db/x, ${key}, Bearer ${'a.b'.repeat(9)}, whsec_c2VjcmV0`;
    const [line] = record('info', (log) => log.error(`${said}\n    at ${said}`, 'http'));
    for (const secret of ['changeit', 'u:p@', key, 'a.ba.b', 'c2VjcmV0']) {
      expect(JSON.stringify(line)).not.toContain(secret);
    }
    expect(line!['msg']).toContain('esdb://***@db:2113');
  });
});
