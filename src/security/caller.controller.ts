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
      description: 'The one user that a reader sees; null if it sees all.',
    },
  }),
);

/** Tells callers who they are, so that a page can begin with what they may see. */
@Controller('v1/caller')
export class CallerController {
  // Under Readers, because a bound reader gets only its own data here.
  @Get()
  @Describe({
    tag: 'Readers',
    summary: 'Whose key or token this is: its role, its name, and the one user that it sees.',
    description: 'If a token has several roles, this is the most powerful one.',
    answers: { 200: json(CALLER) },
  })
  @Roles('reader', { checksUser: true })
  caller(@Query() _: AtLeastParameters, @By() caller: Caller) {
    return { role: mostOf(caller.roles), name: caller.author, user_id: onlyUserOf(caller) };
  }
}

/** Returns the most powerful role, if a token has several. */
function mostOf(roles: readonly Role[]): Role | undefined {
  return ROLES.findLast((role) => roles.includes(role));
}
