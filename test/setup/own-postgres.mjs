import { startPostgres } from './postgres.mjs';

/** A PostgreSQL for one test, which the test may restart. It runs as a process because its package is not CommonJS. */
const server = await startPostgres();
process.on('message', async ({ restart }) => {
  await server.restart(restart);
  process.send('restarted');
});
// The process that started it is gone.
process.on('disconnect', async () => {
  await server.stop();
  process.exit();
});
process.send(server.url);
