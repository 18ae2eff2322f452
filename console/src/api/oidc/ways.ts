/** The OpenID provider to sign in through, as `/console/sign-in.json` names it. */
export interface Provider {
  readonly issuer: string;
  readonly metadata: {
    readonly issuer: string;
    readonly authorization_endpoint: string;
    readonly token_endpoint: string;
    readonly authorization_response_iss_parameter_supported?: boolean;
    readonly id_token_signing_alg_values_supported?: string[];
  };
  readonly client_id: string;
  readonly scope: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The claim of an access token that names the user. */
  readonly user_claim: string;
}

interface Away {
  readonly issuer: string;
  readonly unavailable: true;
}

export interface Ways {
  readonly oidc: Provider | Away | null;
}

const KEYS_ALONE: Ways = { oidc: null };

/**
 * Reads the ways to sign in. If that fails, returns keys alone: signing in with a key then reports that the service
 * can't be reached.
 */
export async function waysToSignIn(): Promise<Ways> {
  try {
    const response = await fetch('sign-in.json', { cache: 'no-store' });
    return response.ok ? ((await response.json()) as Ways) : KEYS_ALONE;
  } catch {
    return KEYS_ALONE;
  }
}

/** Returns the provider if people can sign in through it now. */
export const answering = ({ oidc }: Ways): Provider | undefined =>
  oidc === null || 'unavailable' in oidc ? undefined : oidc;

/** Returns the provider's host, by which people know it. */
export const hostOf = (issuer: string) => new URL(issuer).host;
