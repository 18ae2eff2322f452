import { component } from '../http/openapi/components';
import { count, list, object, text, type Schema, whole } from '../http/openapi/schema';

const hash: Schema = {
  type: 'string',
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256, lower-case hex.',
};
const size: Schema = { ...whole, minimum: 1, description: 'A number of events.' };

export const SIGNED_ROOT = component(
  'SignedRoot',
  object({
    size,
    root: hash,
    checkpoint: { ...text, description: 'The root as a C2SP checkpoint in a signed note.' },
    verifier_keys: {
      ...list(text),
      description: 'The keys that check the signatures. The first one signs.',
    },
    handovers: {
      ...list(text),
      description: 'The notes in which each key names the next, oldest first.',
    },
    witnessed: {
      ...list(
        object({
          checkpoint: { ...text, description: 'A signed root with the cosignatures of witnesses.' },
          proof: {
            ...list(hash),
            description:
              'The consistency proof between the smaller and the larger of the two roots.',
          },
        }),
      ),
      description: 'The newest root that each witness cosigned.',
    },
  }),
);

export const INCLUSION_PROOF = component(
  'InclusionProof',
  object({ index: count, size, leaf_hash: hash, path: list(hash), root: hash }),
);

export const CONSISTENCY_PROOF = component(
  'ConsistencyProof',
  object({
    first: size,
    second: size,
    proof: list(hash),
    first_root: hash,
    second_root: hash,
  }),
);
