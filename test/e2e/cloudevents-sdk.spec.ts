import { CloudEvent, emitterFor, httpTransport, Mode } from 'cloudevents';

import { completed, TestService } from '../support/service';

/** Requests built by the real CloudEvents SDK, as a worker that uses it would send them. */
describe('the CloudEvents SDK', () => {
  let service: TestService;
  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  it.each([
    ['binary', Mode.BINARY],
    ['structured', Mode.STRUCTURED],
  ])('posts in %s mode', async (_, mode) => {
    const event = new CloudEvent({
      ...(completed({ session_id: `sdk-${mode}` }) as { type: string; source: string }),
      source: '/worker/1',
    });
    const emit = emitterFor(httpTransport(`${service.service.url}/v1/events`), { mode });
    const headers = { authorization: `Bearer ${service.keys.producer}` };
    const answer = (await emit(event, { headers })) as { body: string };
    expect(JSON.parse(answer.body)).toMatchObject({
      results: [{ id: event.id, source: '/worker/1', status: 'recorded' }],
    });
  });
});
