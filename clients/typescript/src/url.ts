import { ClientError } from './errors.js';

/**
 * The address of a service without the slashes at its end.
 * @throws ClientError `invalid_option` unless it is an http address without a password in it; it repeats no value.
 */
export function checkUrl(url: string): string {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    // Said below.
  }
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new ClientError(
      'invalid_option',
      'url is an address such as https://minutebook.example.com.',
    );
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new ClientError('invalid_option', 'url holds no name or password: give the key as key.');
  }
  if (/\/v1(\/events)?\/*$/.test(parsed.pathname)) {
    throw new ClientError(
      'invalid_option',
      'url is the address of the service alone: leave out /v1 and what follows.',
    );
  }
  return url.replace(/\/+$/, '');
}
