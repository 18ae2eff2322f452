import { Buffer } from 'buffer/';

// The checker uses Node's Buffer, which browsers lack. The worker imports this file before the checker.
Object.assign(globalThis, { Buffer });
