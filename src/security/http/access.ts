import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

import { DescribeRoles } from '../../http/openapi/describe';
import type { Caller } from '../caller';
import { rolesFor, type Role } from '../roles';

/** Who may call a route. */
export type Access =
  | 'everybody'
  | {
      readonly role: Role;
      /** Whether the handler itself hides other users' data from a reader, because the path does not name the user. */
      readonly checksUser: boolean;
      /** Whether the route reads much and so has a rate limit of its own. */
      readonly isCostly: boolean;
    };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** The sender; `null` if the route is open to everybody. */
    caller: Caller | null;
  }
}

/** Opens the route to callers with this role or a role that covers it. Every route has this or {@link Public}. */
export function Roles(role: Role, { checksUser = false, isCostly = false } = {}): MethodDecorator {
  return applyDecorators(
    RouteConfig({ access: { role, checksUser, isCostly } satisfies Access }),
    DescribeRoles(rolesFor(role)),
  );
}

/** Opens the route to everybody, without a key. */
export function Public(): MethodDecorator {
  return RouteConfig({ access: 'everybody' satisfies Access });
}

/** Injects the sender into a handler of a route that is not open. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller === null) throw new Error('The route is open: nobody in particular calls it.');
  return caller;
});
