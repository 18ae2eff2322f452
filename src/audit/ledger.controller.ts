import { Controller, Get, Query } from '@nestjs/common';

import { Optional } from '../http/fields/field';
import { ListParameters, PageParameters } from '../http/fields/parameters.dto';
import { id, matching, oneOf, whole } from '../http/fields/rules';
import { LEAK_KINDS, Leaks, type LeakKind } from './leaks';
import { LedgerHead } from '../ledger/ledger-head';
import { Answers, type Asking } from '../snapshots/answers';
import { Asked } from '../usage/asking';
import { LedgerPage } from './ledger-events';
import { readPositionCursor } from './position-cursor';
import { Roles } from '../security/http/access';
import { Describe, json } from '../http/openapi/describe';
import { page } from '../http/openapi/schema';
import { LEAK_REPORT, LEDGER_EVENT } from './ledger.schemas';

/** There is no `as_of` here, because the ledger never changes. */
class EventParameters extends PageParameters {
  @Optional(id, 'Only events of one session.')
  session_id?: string;

  @Optional(
    id,
    "Only a user's facts, voids of their sessions, and events on their account. A page may then be short, even empty, while next_cursor is not null.",
  )
  user_id?: string;

  @Optional(
    matching(/^[0-9]{1,15}$/, 'be a position: that of an event, or 0'),
    'Only events after this position.',
  )
  after?: string;
}

const MAX_AGE_SECONDS = 10_000_000_000;

class LeakParameters extends ListParameters {
  @Optional(oneOf(LEAK_KINDS), 'Only leaks of one kind.')
  kind?: LeakKind;

  @Optional(whole(0, MAX_AGE_SECONDS), 'Only leaks that are at least this old.')
  older_than_seconds: number = 0;
}

/** The auditors' endpoints: the ledger itself, and what leaks from it. */
@Controller('v1/audit')
export class LedgerController {
  constructor(
    private readonly answers: Answers,
    private readonly head: LedgerHead,
  ) {}

  @Get('events')
  @Describe({
    tag: 'Finance',
    summary: 'The ledger itself, in ledger order.',
    description:
      'Each event as it is stored, with the text that the Merkle log hashes. Events do not change, so there is no `as_of`.',
    answers: { 200: json(page(LEDGER_EVENT)) },
  })
  @Roles('finance', { isCostly: true })
  async events(
    @Query() { session_id, user_id, after, cursor, limit }: EventParameters,
    @Asked() asking: Asking,
  ) {
    const from = cursor === undefined ? Number(after ?? 0) : readPositionCursor(cursor);
    const filter = { sessionId: session_id, userId: user_id };
    // This list reads the ledger itself, so it never lags: its position is at least the head before the read.
    const head = this.head.position;
    const page = await this.answers.ask(new LedgerPage(filter, from, limit), asking);
    asking.position = Math.max(head, asking.position!);
    return page;
  }

  @Get('leaks')
  @Describe({
    tag: 'Finance',
    summary: 'What leaks: unfinished, pending and unrated attempts.',
    description: 'What may be lost, oldest first, with what to do about it.',
    answers: { 200: json(LEAK_REPORT) },
  })
  @Roles('finance', { isCostly: true })
  leaks(
    @Query() { kind, older_than_seconds, cursor, limit, as_of }: LeakParameters,
    @Asked() asking: Asking,
  ) {
    return this.answers.ask(new Leaks(kind, older_than_seconds, cursor, limit, as_of), asking);
  }
}
