/** The largest values that a recording may have (docs/reference/events.md#values). */
export const MOST_OF_RECORDING = { seconds: 36_000, channels: 1_000, speakers: 10_000 } as const;
