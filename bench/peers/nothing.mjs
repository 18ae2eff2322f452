/** A route that does nothing, on the same framework: measures what HTTP itself costs here. */
import Fastify from 'fastify';

const app = Fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.all('/*', (_request, reply) => {
  void reply.type('application/json').send('{}');
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`listens on ${url}`);
process.once('SIGTERM', () => app.close().then(() => process.exit()));
