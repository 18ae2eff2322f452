/** Preloaded into the program (NODE_OPTIONS=--require): makes every read of a usage history fail. */
const { fetch } = globalThis;

globalThis.fetch = (url, ...rest) =>
  String(url).includes('/usage-history')
    ? Promise.resolve(new Response('{"code":"internal_error","detail":"Broken."}', { status: 500 }))
    : fetch(url, ...rest);
