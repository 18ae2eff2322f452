import { Controller, Get, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';

import { IsWhole } from '../http/validators/is-whole';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../http/cursor';
import { ID, ListParameters } from '../usage/parameters.dto';
import { LEAK_KINDS, Leaks, type LeakKind } from './leaks';
import { LedgerHead } from '../ledger/ledger-head';
import { Answers, type Asking } from '../snapshots/answers';
import { Asked } from '../usage/asking';
import { LedgerPage } from './ledger-events';
import { readPositionCursor } from './position-cursor';
import { Roles } from '../security/http/access';

/** There is no `as_of` here, because the ledger never changes. */
class EventParameters {
  @IsOptional()
  @Matches(/^\d{1,16}$/, { message: 'at_least must be a position, as writes answer it' })
  at_least?: string;

  @IsOptional()
  @Matches(ID, { message: 'session_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  session_id?: string;

  @IsOptional()
  @Matches(ID, { message: 'user_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ -' })
  user_id?: string;

  /** Only events after this position. */
  @IsOptional()
  @Matches(/^\d{1,15}$/, { message: 'after must be a position: that of an event, or 0' })
  after?: string;

  @IsOptional()
  cursor?: string;

  @IsOptional()
  @IsWhole(1, MAX_LIMIT, `limit must be a whole number from 1 to ${MAX_LIMIT}`)
  limit: number = DEFAULT_LIMIT;
}

const MAX_AGE_SECONDS = 10_000_000_000;

class LeakParameters extends ListParameters {
  @IsOptional()
  @IsIn(LEAK_KINDS, { message: `kind must be one of ${LEAK_KINDS.join(', ')}` })
  kind?: LeakKind;

  @IsOptional()
  @IsWhole(0, MAX_AGE_SECONDS, `older_than_seconds must be whole, 0 to ${MAX_AGE_SECONDS}`)
  older_than_seconds: number = 0;
}

/** What an auditor reads: the ledger itself, and what leaks out of it. */
@ApiExcludeController()
@Controller('v1/audit')
export class LedgerController {
  constructor(
    private readonly answers: Answers,
    private readonly head: LedgerHead,
  ) {}

  @Get('events')
  @Roles('finance', { isCostly: true })
  async events(
    @Query() { session_id, user_id, after, cursor, limit }: EventParameters,
    @Asked() asking: Asking,
  ) {
    const from = cursor === undefined ? Number(after ?? 0) : readPositionCursor(cursor);
    const filter = { sessionId: session_id, userId: user_id };
    // The ledger itself is never behind: it shows what is recorded when it is read.
    const head = this.head.position;
    const page = await this.answers.ask(new LedgerPage(filter, from, limit), asking);
    asking.position = Math.max(head, asking.position!);
    return page;
  }

  @Get('leaks')
  @Roles('finance', { isCostly: true })
  leaks(
    @Query() { kind, older_than_seconds, cursor, limit, as_of }: LeakParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new Leaks(kind, older_than_seconds, cursor, limit, as_of), asking);
  }
}
