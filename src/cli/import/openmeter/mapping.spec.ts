import { readMapping, type MappingOptions } from './mapping';

const WHOLE: MappingOptions = {
  types: ['transcription=completed'],
  map: ['id=session_id', 'data.s=duration_seconds'],
  set: ['stt_provider=google'],
  source: 'import/openmeter',
};

describe('options of an import from OpenMeter', () => {
  it('become types, places and constants; the subject is the user', () => {
    const { types, places, constants } = readMapping({ ...WHOLE, types: ['a=b=failed'] });
    expect([...types]).toEqual([['a=b', 'failed']]);
    expect([...places]).toEqual([
      ['session_id', ['id']],
      ['duration_seconds', ['data', 's']],
      ['user_id', ['subject']],
    ]);
    expect([...constants]).toEqual([['stt_provider', 'google']]);
  });

  it.each<[Partial<MappingOptions>, string]>([
    [{ types: [] }, 'which events are transcriptions'],
    [{ types: ['x=started'] }, 'write =completed or =failed'],
    [{ types: ['x'] }, 'write it as transcription=completed'],
    [{ map: ['data.s=duration_seconds'] }, 'what names the session'],
    [{ map: ['id=session_id'] }, 'how long a recording was'],
    [{ map: [...WHOLE.map, 'data.m=duration_minutes'] }, 'Say once how long'],
    [{ set: [] }, 'who transcribed'],
    [{ map: ['data.=session_id'] }, 'give data.NAME'],
    [{ map: ['s=duration_seconds'] }, 'give data.NAME'],
    [{ map: ['data.a=cost_cents'] }, 'there is no field cost_cents'],
    [{ set: ['stt_provider='] }, 'write it as stt_provider=google'],
  ])('%j is refused: %s', (given, says) => {
    expect(() => readMapping({ ...WHOLE, ...given })).toThrow(says);
  });
});
