import { Buffer } from 'buffer/';

// The checker takes Node's Buffer, which browsers have not. This comes before the checker in the worker's imports.
Object.assign(globalThis, { Buffer });
