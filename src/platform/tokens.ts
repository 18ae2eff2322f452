/** The injection token of the event store, which is an interface. */
export const EVENT_STORE = Symbol('EventStore');
