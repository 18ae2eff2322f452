import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { noSuchParameter } from './parameter.pipe';

/** Writes take no parameters. One that was meant for the body is refused, not ignored. */
@Injectable()
export class WriteQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, query } = context.switchToHttp().getRequest<FastifyRequest>();
    if (method === 'GET' || method === 'HEAD') return true;
    const [name] = Object.keys((query as object | undefined) ?? {});
    if (name !== undefined) throw noSuchParameter(name);
    return true;
  }
}
