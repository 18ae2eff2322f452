import { Controller, Get, Query } from '@nestjs/common';

import { AtLeastParameters } from '../http/fields/parameters.dto';
import { onlyUserOf, type Caller } from './caller';
import { By, Roles } from './http/access';
import { ROLES, rolesFor, type Role } from './roles';
import { component } from '../http/openapi/components';
import { Describe, json } from '../http/openapi/describe';
import { nullable, object, text } from '../http/openapi/schema';

const CALLER = component(
  'Caller',
  object({
    role: { type: 'string', enum: [...rolesFor('reader')] },
    name: {
      ...text,
      description: "The key's name, or the token's user: the author of what finance writes.",
    },
    user_id: {
      ...nullable(text),
      description: 'The one user whom a reader sees; null if it sees all.',
    },
  }),
);

/** Tells who reads whom they are here: a page can then begin with what they may see. */
@Controller('v1/caller')
export class CallerController {
  // What a bound reader is told is that reader's own.
  @Get()
  @Describe({
    tag: 'Readers',
    summary: 'Who the key or token is of: its role, its name, and the one user that it sees.',
    description: 'Of a token with several roles it is the one that may do the most.',
    answers: { 200: json(CALLER) },
  })
  @Roles('reader', { checksUser: true })
  caller(@Query() _: AtLeastParameters, @By() caller: Caller) {
    return { role: mostOf(caller.roles), name: caller.author, user_id: onlyUserOf(caller) };
  }
}

/** The role that lets its holder do the most, if a token has several. */
function mostOf(roles: readonly Role[]): Role | undefined {
  return ROLES.findLast((role) => roles.includes(role));
}
