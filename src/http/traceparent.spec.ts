import { readTraceparent } from './traceparent';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  it('names the trace, the parent span, and whether it is sampled', () => {
    const known = { traceId: TRACE, parentId: SPAN };
    expect(readTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ ...known, isSampled: true });
    expect(readTraceparent(`00-${TRACE}-${SPAN}-00`)).toEqual({ ...known, isSampled: false });
    expect(readTraceparent(`cc-${TRACE}-${SPAN}-01-more`)).toEqual({ ...known, isSampled: true });
  });

  it.each([
    ['none', undefined],
    ['two values', [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`]],
    ['another format', 'ann@example.com'],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['version ff, which is invalid', `ff-${TRACE}-${SPAN}-01`],
    ['more parts than version 00 has', `00-${TRACE}-${SPAN}-01-more`],
  ])('is ignored: %s', (_, header) => {
    expect(readTraceparent(header)).toBeUndefined();
  });
});
