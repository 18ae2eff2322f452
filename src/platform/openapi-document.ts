export function describeApi(): object {
  return { openapi: '3.1.0', info: { title: 'Minutebook', version: '0.1.0' }, paths: {} };
}
