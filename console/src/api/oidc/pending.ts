/** A sign-in that was begun in this tab: the values that the provider's answer must match. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The part of the address after `#` to return to. */
  readonly back: string;
}

/**
 * The provider's answer, and the sign-in it belongs to: `undefined` if no sign-in was begun in this tab, or its answer
 * was already used.
 */
export interface Arrival {
  readonly parameters: URLSearchParams;
  readonly pending: Pending | undefined;
}

/**
 * A key of sessionStorage, which ends with the tab. The value is removed before it is used, so that it works only once.
 */
const PLACE = 'minutebook.sign-in';

export function keepPending(pending: Pending): void {
  sessionStorage.setItem(PLACE, JSON.stringify(pending));
}

function takePending(): Pending | undefined {
  const text = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  return text === null ? undefined : (JSON.parse(text) as Pending);
}

let arrival = readArrival();

/** Returns what came back from the provider, if it opened the page; a second call returns `undefined`. */
export function takeArrival(): Arrival | undefined {
  const taken = arrival;
  arrival = undefined;
  return taken;
}

/** Removes code and state from the address before anything else reads, links or keeps it. */
function readArrival(): Arrival | undefined {
  const parameters = new URLSearchParams(location.search);
  if (!parameters.has('state') && !parameters.has('code') && !parameters.has('error')) {
    return undefined;
  }
  const pending = takePending();
  history.replaceState(null, '', location.pathname + (pending?.back ?? location.hash));
  return { parameters, pending };
}
