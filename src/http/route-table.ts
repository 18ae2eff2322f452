import { Problem } from './problem';

/** All routes of the service. Distinguishes a wrong method from a wrong path. */
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

  /** Returns every route as `GET /v1/users/:user_id`, sorted. */
  list(): string[] {
    return this.routes
      .flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`))
      .sort();
  }

  /**
   * Returns a problem if a URL's path exists but takes other methods; `undefined` if there is no such path. A path
   * below which files are served matches any name, although most names have no file.
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
