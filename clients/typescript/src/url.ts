import { ClientError } from './errors.js';

/**
 * Returns the address of a service without trailing slashes.
 * @throws ClientError `invalid_option` unless it is an http or https address without a user name or password; the
 * message repeats no value.
 */
export function checkUrl(url: string): string {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    // Reported below.
  }
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new ClientError(
      'invalid_option',
      'url must be an address such as https://minutebook.example.com.',
    );
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new ClientError(
      'invalid_option',
      'url must not contain a name or password: pass the key as key.',
    );
  }
  if (/\/v1(\/events)?\/*$/.test(parsed.pathname)) {
    throw new ClientError(
      'invalid_option',
      'url must be the address of the service alone: leave out /v1 and what follows.',
    );
  }
  return url.replace(/\/+$/, '');
}
