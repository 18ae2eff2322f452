import { Problem } from './problem';

/** All routes. They distinguish a wrong method from a wrong path. */
export class RouteTable {
  private readonly routes: {
    readonly path: string;
    readonly pattern: RegExp;
    readonly methods: readonly string[];
  }[] = [];

  /** Adds a route such as `/v1/users/:user_id/usage-logs`. */
  add(path: string, methods: readonly string[]): void {
    const pattern = path
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:[A-Za-z0-9_]+/g, '[^/]+')
      .replaceAll('\\*', '.*');
    this.routes.push({ path, pattern: new RegExp(`^${pattern}$`), methods });
  }

  /** Every route as `GET /v1/users/:user_id`, sorted. */
  list(): string[] {
    return this.routes
      .flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`))
      .sort();
  }

  /**
   * The problem that a URL's path takes other methods than this one; `undefined` if there is no such path. A path below which
   * files are served takes any name, and has no file of most.
   */
  methodNotAllowed(url: string, method?: string): Problem | undefined {
    const methods = this.methodsOf(url);
    if (methods.length === 0 || methods.some((one) => one === method)) return undefined;
    const allow = methods.join(', ');
    return new Problem('method_not_allowed', `This path takes ${allow}.`, { headers: { allow } });
  }

  private methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0]!;
    const methods = this.routes
      .filter((route) => route.pattern.test(path))
      .flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}
