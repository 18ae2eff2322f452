import type { ConsoleSignIn } from '../config/console-sign-in';
import { isNear } from '../config/tokens';
import { boundedText } from '../lib/bounded-text';

/** How long the provider's discovery document is used before it is read again, in milliseconds. */
const FRESH_MS = 10 * 60_000;
/** The least pause between two requests while the provider does not answer, in milliseconds. */
const COOL_DOWN_MS = 10_000;
const ANSWER_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** The provider's metadata, in the form that the console's client library takes. */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly authorization_response_iss_parameter_supported?: boolean;
  readonly id_token_signing_alg_values_supported?: readonly string[];
}

/**
 * Reads the discovery document of the OpenID provider that people sign in through. The service reads it, not the
 * browser: the console's pages may reach only the token endpoint, and their policy must name it before they run.
 */
export class Provider {
  private known: { readonly metadata: ProviderMetadata; readonly since: number } | undefined;
  private askedAt = -Infinity;
  private failing = false;
  private asking: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  /** @param report called once when the document can no longer be read. */
  constructor(
    readonly choice: ConsoleSignIn,
    private readonly report: (error: unknown) => void,
    private readonly fetch: typeof globalThis.fetch = globalThis.fetch,
  ) {}

  /**
   * Returns the known metadata; waits for the provider only if there is none. `undefined` if it gives no valid answer.
   */
  async metadata(): Promise<ProviderMetadata | undefined> {
    const age = performance.now() - (this.known?.since ?? -Infinity);
    if (age > FRESH_MS && (this.asking !== undefined || !this.isCooling())) {
      const asked = this.ask();
      if (this.known === undefined) await asked;
    }
    return this.known?.metadata;
  }

  close(): void {
    this.stopping.abort();
  }

  private isCooling(): boolean {
    return performance.now() - this.askedAt < COOL_DOWN_MS;
  }

  private ask(): Promise<void> {
    return (this.asking ??= this.askOnce().finally(() => (this.asking = undefined)));
  }

  private async askOnce(): Promise<void> {
    this.askedAt = performance.now();
    try {
      this.known = { metadata: await this.read(), since: performance.now() };
      this.failing = false;
    } catch (error) {
      if (!this.failing && !this.stopping.signal.aborted) this.report(error);
      this.failing = true;
    }
  }

  private async read(): Promise<ProviderMetadata> {
    const { issuer } = this.choice;
    const response = await this.fetch(
      `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      {
        headers: { accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS), this.stopping.signal]),
      },
    );
    if (!response.ok) throw fault(`answers ${response.status}`);
    const text = await boundedText(response, MAX_BYTES);
    if (text === undefined) throw fault('is larger than 256 KiB');
    return checked(text, issuer);
  }
}

/** @throws Error that says what is wrong with the document. */
function checked(text: string, issuer: string): ProviderMetadata {
  let said: Partial<Record<string, unknown>>;
  try {
    said = (JSON.parse(text) ?? {}) as Partial<Record<string, unknown>>;
  } catch {
    throw fault('is not JSON');
  }
  // Otherwise another provider's answer could pass for this one's.
  if (said['issuer'] !== issuer) throw fault('does not name CONSOLE_OIDC_ISSUER as its issuer');
  const methods = said['code_challenge_methods_supported'];
  if (Array.isArray(methods) && !methods.includes('S256'))
    throw fault('does not offer PKCE with S256');
  const algorithms = said['id_token_signing_alg_values_supported'];
  return {
    issuer,
    authorization_endpoint: endpointIn(said, 'authorization_endpoint'),
    token_endpoint: endpointIn(said, 'token_endpoint'),
    ...(said['authorization_response_iss_parameter_supported'] === true && {
      authorization_response_iss_parameter_supported: true,
    }),
    ...(isListOfTexts(algorithms) && { id_token_signing_alg_values_supported: algorithms }),
  };
}

function endpointIn(said: Partial<Record<string, unknown>>, name: string): string {
  const value = said[name];
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isNear(url.hostname))) {
    return url.href;
  }
  throw fault(`has no ${name} at an https: address`);
}

const isListOfTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const fault = (what: string) =>
  new Error(
    `The discovery document of CONSOLE_OIDC_ISSUER ${what}. Until it is right, people sign in to the console with a key.`,
  );
