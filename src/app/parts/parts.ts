import type { Cluster } from '../../cluster/cluster';
import type { BackgroundCheck } from '../../verify/background-check';
import type { Workers } from '../threads/pooled';
import type { Admission } from './admission';
import type { Personal } from './personal';
import type { Projection } from './projection';
import type { Proofs } from './proofs';
import type { Reading } from './reading';
import type { Storage } from './storage';
import type { Telemetry } from './telemetry';
import type { Telling } from './telling';
import type { Writing } from './writing';

/** The parts of a service, in the order in which they are opened. Each step names the earlier parts that it needs. */
export interface Parts {
  readonly telemetry: Telemetry;
  readonly storage: Storage;
  readonly admission: Admission;
  readonly cluster: Cluster;
  readonly pool: Workers;
  readonly projection: Projection;
  readonly personal: Personal;
  readonly telling: Telling;
  readonly proofs: Proofs;
  readonly writing: Writing;
  readonly reading: Reading;
  readonly backgroundCheck: BackgroundCheck;
}
