import fc from 'fast-check';

/** After as many repetitions without what must be seen, it is not luck that is missing. */
const REPETITIONS = 10;

/**
 * Asserts a property, again and again until its random input has reached what it must reach, so that no run
 * fails by luck. `expectSeen` throws as long as something is missing.
 */
export async function assertUntilSeen<T>(
  property: fc.IAsyncProperty<T>,
  numRuns: number,
  expectSeen: () => void,
): Promise<void> {
  for (let repetition = 1; ; repetition += 1) {
    await fc.assert(property, { numRuns });
    try {
      return expectSeen();
    } catch (error) {
      if (repetition === REPETITIONS) throw error;
    }
  }
}
