import { Controller, Get, Param, Query } from '@nestjs/common';

import { LedgerProofs } from './proofs';
import { ConsistencyParameters, IndexPath, SizeParameters } from './proofs.dto';
import { Roles } from '../security/http/access';
import { Describe, json } from '../http/openapi/describe';
import { CONSISTENCY_PROOF, INCLUSION_PROOF, SIGNED_ROOT } from './proofs.schemas';

/** Proofs for those who trust neither the database nor us (docs/how-to/check-the-ledger.md#signed-roots-and-keys). */
@Controller('v1/audit')
export class ProofsController {
  constructor(private readonly proofs: LedgerProofs) {}

  @Get('root')
  @Describe({
    tag: 'Audit',
    summary: 'The Merkle root, signed.',
    description:
      'RFC 6962 hashing. The answer also has the root as a C2SP checkpoint, signed with Ed25519.',
    answers: { 200: json(SIGNED_ROOT) },
  })
  @Roles('finance')
  root(@Query() { size }: SizeParameters) {
    return this.proofs.root(size);
  }

  @Get('proofs/:index')
  @Describe({
    tag: 'Audit',
    summary: 'A proof that an event is in the ledger.',
    description: 'The hashes that lead from the leaf of the event to the root of that size.',
    answers: { 200: json(INCLUSION_PROOF) },
  })
  @Roles('finance')
  inclusion(@Param() { index }: IndexPath, @Query() { size }: SizeParameters) {
    return this.proofs.inclusion(Number(index), size);
  }

  @Get('consistency')
  @Describe({
    tag: 'Audit',
    summary: 'A proof that the ledger continues an earlier state.',
    description: 'The hashes that show that the smaller log is the beginning of the larger.',
    answers: { 200: json(CONSISTENCY_PROOF) },
  })
  @Roles('finance')
  consistency(@Query() { first, second }: ConsistencyParameters) {
    return this.proofs.consistency(first, second);
  }
}
