/** A sign-in that was begun in this tab: what the way back is held to. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The part of the address after `#`, to which one comes back. */
  readonly back: string;
}

/** What the provider sent along, and what it is held to; `undefined` if nothing was begun here, or it is used up. */
export interface Arrival {
  readonly parameters: URLSearchParams;
  readonly pending: Pending | undefined;
}

/** Of this tab alone, and gone with it; taken out before anything is done with it. */
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

/** What came back from the provider, if the page was opened by it; once. */
export function takeArrival(): Arrival | undefined {
  const taken = arrival;
  arrival = undefined;
  return taken;
}

/** Takes code and state out of the address before anything else reads, links or keeps it. */
function readArrival(): Arrival | undefined {
  const parameters = new URLSearchParams(location.search);
  if (!parameters.has('state') && !parameters.has('code') && !parameters.has('error')) {
    return undefined;
  }
  const pending = takePending();
  history.replaceState(null, '', location.pathname + (pending?.back ?? location.hash));
  return { parameters, pending };
}
