import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { readConfig, type Config } from '../../src/config/config';

const ROOT = join(__dirname, '../..');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly network_mode?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly stop_grace_period: string;
  readonly volumes: readonly string[];
}

const file = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
};
const services = Object.entries(file.services);
const inProfile = (profile: string) =>
  services.filter(([, one]) => one.profiles?.includes(profile)).map(([name]) => name);
/** The variables of the service's configuration, as the reference lists them. */
const variables = [
  ...readFileSync(join(ROOT, 'docs/reference/configuration.md'), 'utf8').matchAll(
    /^\| `([A-Z_]+)` /gm,
  ),
].map((match) => match[1]!);
const ours = services.filter(([name]) => name.startsWith('minutebook'));

/** Replaces `${NAME:-default}` by its default, as Compose does if nothing is set. */
const filled = (text: string) => text.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1');
const filledAll = (environment: Service['environment']) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));

describe('docker-compose.yml', () => {
  it('runs the service on files by default, on one server, or on three', () => {
    expect(services.filter(([, one]) => !one.profiles).map(([name]) => name)).toEqual([
      'minutebook',
    ]);
    expect(inProfile('eventstoredb')).toEqual([
      'minutebook-eventstoredb',
      'postgres',
      'eventstoredb',
    ]);
    expect(inProfile('cluster')).toEqual([
      'minutebook-cluster',
      'postgres-cluster',
      'node-1',
      'node-2',
      'node-3',
    ]);
  });

  it.each(ours)('gives %s variables that the configuration knows and accepts', (_, service) => {
    expect(variables).toEqual(expect.arrayContaining(Object.keys(service.environment)));
    const config: Config = readConfig(filledAll(service.environment), Date.now());
    expect(config.dataDir).toBe('/data');
    expect(config.eventStore.kind).toBe(service.profiles ? 'eventstoredb' : 'sqlite');
  });

  it.each(ours)('lets %s wait until its dependencies are healthy', (_, service) => {
    const needed = (service.profiles ?? []).flatMap(inProfile).filter((name) => {
      return !name.startsWith('minutebook');
    });
    expect(Object.keys(service.depends_on ?? {}).sort()).toEqual(needed.sort());
    for (const { condition } of Object.values(service.depends_on ?? {})) {
      expect(condition).toBe('service_healthy');
    }
  });

  it.each(services)('keeps the data of %s in a volume of its own', (name, service) => {
    expect(service.volumes).toHaveLength(1);
    const [volume, path] = service.volumes[0]!.split(':') as [string, string];
    expect(path).toMatch(/^\//);
    expect(Object.keys(file.volumes)).toContain(volume);
    const others = services.filter(([other]) => other !== name);
    expect(others.flatMap(([, one]) => one.volumes.map((two) => two.split(':')[0]))).not.toContain(
      volume,
    );
  });

  it('has no unused volume', () => {
    const used = services.flatMap(([, one]) => one.volumes.map((volume) => volume.split(':')[0]));
    expect(Object.keys(file.volumes).sort()).toEqual(used.sort());
  });

  it.each(services)('has a health check for %s', (_, service) => {
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    if (service.build !== undefined) expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    else expect(service.healthcheck?.test[0]).toMatch(/^CMD/);
  });

  it('publishes only the service, on loopback, and lets it reach the others by name', () => {
    for (const [name, service] of services) {
      expect(service.ports ?? []).toEqual(
        name.startsWith('minutebook') ? ['127.0.0.1:3000:3000'] : [],
      );
      expect(service.network_mode).toBeUndefined();
    }
    for (const profile of ['eventstoredb', 'cluster']) {
      const { environment, depends_on } = file.services[`minutebook-${profile}`]!;
      const asked = ['EVENT_STORE_URL', 'READ_MODEL_URL'].flatMap((name) =>
        [...filled(environment[name]!).matchAll(/(?:\/\/|@|,)([a-z0-9-]+):(2113|5432)/g)].map(
          (match) => match[1],
        ),
      );
      expect(asked.sort()).toEqual(Object.keys(depends_on ?? {}).sort());
    }
  });

  it('gives the service as long to stop as systemd and Kubernetes do: it can take 40 seconds', () => {
    const seconds = ours.map(([, service]) =>
      Number(/^(\d+)s$/.exec(service.stop_grace_period)![1]),
    );
    for (const [path, pattern] of [
      ['systemd/minutebook.service', /^TimeoutStopSec=(\d+)$/m],
      ['kubernetes/single.yaml', /terminationGracePeriodSeconds: (\d+)$/m],
      ['kubernetes/several.yaml', /terminationGracePeriodSeconds: (\d+)$/m],
    ] as const) {
      seconds.push(Number(pattern.exec(readFileSync(join(ROOT, 'deploy', path), 'utf8'))![1]));
    }
    expect(new Set(seconds)).toEqual(new Set([60]));
  });

  it('builds the image on the Node on which it runs', () => {
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toEqual(Array(2).fill('node:22-bookworm-slim'));
  });

  it('runs the service without root, on a read-only file system', () => {
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    expect(dockerfile).toMatch(/^USER node$/m);
    for (const [, service] of ours) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    }
  });

  it('gives PostgreSQL and the service the same user, password and database', () => {
    for (const profile of ['eventstoredb', 'cluster']) {
      const { environment } = file.services[`minutebook-${profile}`]!;
      const url = new URL(filled(environment['READ_MODEL_URL']!));
      const server = inProfile(profile).find((name) => name.startsWith('postgres'))!;
      expect(filledAll(file.services[server]!.environment)).toEqual({
        POSTGRES_USER: url.username,
        POSTGRES_PASSWORD: url.password,
        POSTGRES_DB: url.pathname.slice(1),
      });
    }
  });
});
