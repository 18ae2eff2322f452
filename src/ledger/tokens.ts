/** The injection token of the event store, which is an interface. */
export const EVENT_STORE = Symbol('EventStore');
/** That of what this instance has to do with others, likewise. */
export const CLUSTER = Symbol('Cluster');
