import { newestOf, type EventVerdict } from './record-facts';

const recorded = (position: number): EventVerdict => ({ status: 'recorded', position });
const duplicate = (position: number): EventVerdict => ({ status: 'duplicate', position });
const rejected: EventVerdict = {
  status: 'rejected',
  refusal: { code: 'missing_field', detail: 'x', pointer: '/id' },
};

describe('the position of an answer to events', () => {
  it.each([
    ['the newest recorded event', [recorded(3), rejected, recorded(5), duplicate(1)], 5],
    ['an event that another request recorded at the same moment', [recorded(3), duplicate(4)], 4],
    ['nothing, if nothing was recorded', [duplicate(4), rejected], undefined],
  ])('is that of %s', (_, verdicts, position) => {
    expect(newestOf(verdicts)).toBe(position);
  });
});
