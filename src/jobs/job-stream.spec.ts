import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import type { FastifyReply } from 'fastify';

import { streamJob } from './job-stream';
import type { Job, Outcome } from './jobs';

describe('the stream of a job', () => {
  it('holds nothing for a client that left before it began', () => {
    const raw = new ServerResponse(new IncomingMessage(new Socket()));
    raw.destroy();
    const onChange = jest.fn(() => () => undefined);
    const job = { onChange, progress: null, isFinished: false } as unknown as Job<Outcome>;
    const timers = jest.spyOn(global, 'setInterval');
    streamJob(job, { raw, hijack: () => undefined } as unknown as FastifyReply);
    expect(onChange).not.toHaveBeenCalled();
    expect(timers).not.toHaveBeenCalled();
  });
});
