import { Controller, Get, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { AtLeastParameters } from '../http/fields/parameters.dto';
import { onlyUserOf, type Caller } from './caller';
import { By, Roles } from './http/access';
import { ROLES, type Role } from './roles';

/** Tells who reads whom they are here: a page can then begin with what they may see. */
@ApiExcludeController()
@Controller('v1/caller')
export class CallerController {
  // What a bound reader is told is that reader's own.
  @Get()
  @Roles('reader', { checksUser: true })
  caller(@Query() _: AtLeastParameters, @By() caller: Caller) {
    return { role: mostOf(caller.roles), name: caller.author, user_id: onlyUserOf(caller) };
  }
}

/** The role that lets its holder do the most, if a token has several. */
function mostOf(roles: readonly Role[]): Role | undefined {
  return ROLES.findLast((role) => roles.includes(role));
}
