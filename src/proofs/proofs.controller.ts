import { Controller, Get, Param, Query } from '@nestjs/common';

import type { Asking } from '../snapshots/answers';
import { Asked } from '../usage/asking';
import { LastCovered } from './last-covered';
import { LedgerProofs } from './proofs';
import { ConsistencyParameters, IndexPath, SizeParameters } from './proofs.dto';
import { Roles } from '../security/http/access';
import { Describe, json } from '../http/openapi/describe';
import { CONSISTENCY_PROOF, INCLUSION_PROOF, SIGNED_ROOT } from './proofs.schemas';

/** Proofs for those who trust neither the database nor us (docs/how-to/check-the-ledger.md#signed-roots-and-keys). */
@Controller('v1/audit')
export class ProofsController {
  constructor(
    private readonly proofs: LedgerProofs,
    private readonly covered: LastCovered,
  ) {}

  @Get('root')
  @Describe({
    tag: 'Audit',
    summary: 'The Merkle root, signed.',
    description:
      'RFC 6962 hashing. The answer also has the root as a C2SP checkpoint, signed with Ed25519.',
    answers: { 200: json(SIGNED_ROOT) },
  })
  @Roles('finance')
  async root(@Query() { size }: SizeParameters, @Asked() asking: Asking) {
    const answer = await this.proofs.root(size);
    asking.position = await this.covered.positionOf(answer.size);
    return answer;
  }

  @Get('proofs/:index')
  @Describe({
    tag: 'Audit',
    summary: 'A proof that an event is in the ledger.',
    description: 'The hashes that lead from the leaf of the event to the root of that size.',
    answers: { 200: json(INCLUSION_PROOF) },
  })
  @Roles('finance')
  async inclusion(
    @Param() { index }: IndexPath,
    @Query() { size }: SizeParameters,
    @Asked() asking: Asking,
  ) {
    const answer = await this.proofs.inclusion(Number(index), size);
    asking.position = await this.covered.positionOf(answer.size);
    return answer;
  }

  @Get('consistency')
  @Describe({
    tag: 'Audit',
    summary: 'A proof that the ledger continues an earlier state.',
    description: 'The hashes that show that the smaller log is the beginning of the larger.',
    answers: { 200: json(CONSISTENCY_PROOF) },
  })
  @Roles('finance')
  async consistency(@Query() { first, second }: ConsistencyParameters, @Asked() asking: Asking) {
    const answer = await this.proofs.consistency(first, second);
    asking.position = await this.covered.positionOf(answer.second);
    return answer;
  }
}
