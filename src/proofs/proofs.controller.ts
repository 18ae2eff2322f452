import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { LedgerProofs } from './proofs';
import { ConsistencyParameters, IndexPath, SizeParameters } from './proofs.dto';
import { Roles } from '../security/http/access';

/** Proofs for those who do not want to trust the database, or us (docs/how-to/check-the-ledger.md#signed-roots-and-keys). */
@ApiExcludeController()
@Controller('v1/audit')
export class ProofsController {
  constructor(private readonly proofs: LedgerProofs) {}

  @Get('root')
  @Roles('finance')
  root(@Query() { size }: SizeParameters) {
    return this.proofs.root(size);
  }

  @Get('proofs/:index')
  @Roles('finance')
  inclusion(@Param() { index }: IndexPath, @Query() { size }: SizeParameters) {
    return this.proofs.inclusion(Number(index), size);
  }

  @Get('consistency')
  @Roles('finance')
  consistency(@Query() { first, second }: ConsistencyParameters) {
    return this.proofs.consistency(first, second);
  }
}
