/**
 * Ingests events with OpenMeter's own SDK, call by call, and prints the outcome of each: its answer, or what it threw.
 * It is a process of its own because the SDK is an ES module, which jest does not load.
 */
import { OpenMeter } from '@openmeter/sdk';

const { baseUrl, apiKey, events } = JSON.parse(process.argv[2]);
const openmeter = new OpenMeter({ baseUrl, apiKey });
const came = [];
for (const some of events) {
  try {
    came.push({ answered: (await openmeter.events.ingest(some)) ?? null });
  } catch (error) {
    const { name, status, message } = error;
    const results = error.getField?.('results') ?? null;
    came.push({ name, status, message, results });
  }
}
console.log(JSON.stringify(came));
