import { startPostgres } from './postgres.mjs';

/** A PostgreSQL of one test's own, which it may restart: run as a process, as its package is no CommonJS. */
const server = await startPostgres();
process.on('message', async ({ restart }) => {
  await server.restart(restart);
  process.send('restarted');
});
// Whoever started it is gone.
process.on('disconnect', async () => {
  await server.stop();
  process.exit();
});
process.send(server.url);
