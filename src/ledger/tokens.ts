/** The injection token of the event store, which is an interface. */
export const EVENT_STORE = Symbol('EventStore');
/** The injection token of this instance's part in the cluster, also an interface. */
export const CLUSTER = Symbol('Cluster');
