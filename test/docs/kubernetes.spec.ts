import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Pod } from 'kubernetes-models/v1/Pod';
import { Service } from 'kubernetes-models/v1/Service';
import { parse, parseAllDocuments } from 'yaml';

import { readConfig } from '../../src/config/config';
import { TestService } from '../support/service';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'deploy/kubernetes');

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold?: number;
}

interface Container {
  readonly image: string;
  readonly env: readonly Variable[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes: readonly {
    readonly name: string;
    readonly emptyDir?: object;
    readonly ephemeral?: object;
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }[];
}

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: object };
    readonly publishNotReadyAddresses?: boolean;
    readonly ports?: readonly { readonly targetPort: string }[];
    readonly template?: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

interface CommandsPod {
  readonly metadata: object;
  readonly spec: PodSpec;
}

type Model = new (resource: never) => { validate(): void };

/** Validates with the schemas of Kubernetes' own OpenAPI document. */
const MODELS: Readonly<Record<string, Model>> = {
  'v1 Pod': Pod,
  'v1 Service': Service,
  'apps/v1 Deployment': Deployment,
  'apps/v1 StatefulSet': StatefulSet,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
};

function validate(resource: Resource): void {
  const model = MODELS[`${resource.apiVersion} ${resource.kind}`]!;
  new model(resource as never).validate();
}

const variables = [
  ...readFileSync(join(ROOT, 'docs/reference/configuration.md'), 'utf8').matchAll(
    /^\| `([A-Z_]+)` /gm,
  ),
].map((match) => match[1]!);

/** Stands for each secret, in the form in which the service would receive it. */
const SECRETS: Readonly<Record<string, string>> = {
  'event-store-url': 'esdb+discover://u:p@events.example.com:2113?tls=true',
  'read-model-url': 'postgres://u:p@db.example.com:5432/minutebook',
};

const files = readdirSync(FOLDER).map((name): [string, Resource[]] => [
  name,
  parseAllDocuments(readFileSync(join(FOLDER, name), 'utf8')).map((one) => {
    expect(one.errors).toEqual([]);
    return one.toJS() as Resource;
  }),
]);

describe('the manifests for Kubernetes', () => {
  it('are one for a single pod with its files, and one for several instances', () => {
    expect(files.map(([name]) => name).sort()).toEqual(['several.yaml', 'single.yaml']);
  });

  describe.each(files)('%s', (name, resources) => {
    const workload = resources.find(({ spec }) => spec.template !== undefined)!;
    const pod = workload.spec.template!.spec;
    const container = pod.containers[0]!;
    const services = resources.filter(({ kind }) => kind === 'Service');

    it('conforms to the Kubernetes schemas, which would reject a wrong one', () => {
      for (const resource of resources) expect(() => validate(resource)).not.toThrow();
      const wrong = { ...workload, spec: { ...workload.spec, replicas: 'two' as never } };
      expect(() => validate(wrong)).toThrow('replicas');
    });

    it('runs without root, on a file system that is read-only except for its volumes', () => {
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod.containers).toHaveLength(1);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.volumeMounts.map(({ mountPath }) => mountPath).sort()).toEqual([
        '/data',
        '/tmp',
      ]);
      const claimed = workload.spec.volumeClaimTemplates ?? [];
      const there = [
        ...pod.volumes.map((one) => one.name),
        ...claimed.map((one) => one.metadata.name),
      ];
      expect(container.volumeMounts.map((mount) => mount.name).sort()).toEqual(there.sort());
    });

    it('names an image by a fixed tag', () => {
      expect(container.image).toMatch(/:\d+\.\d+\.\d+$/);
    });

    it('sends the service and the probes to the port that the container opens', () => {
      const [port] = container.ports;
      expect(container.env).toContainEqual({ name: 'PORT', value: String(port!.containerPort) });
      for (const { spec } of services) {
        expect(spec.ports!.map(({ targetPort }) => targetPort)).toEqual([port!.name]);
        expect(spec.selector).toEqual(workload.spec.template!.metadata.labels);
      }
      for (const probe of [
        container.startupProbe,
        container.livenessProbe,
        container.readinessProbe,
      ])
        expect(probe.httpGet.port).toBe(port!.name);
      expect(workload.spec.selector!.matchLabels).toEqual(workload.spec.template!.metadata.labels);
    });

    it('leads producers to a pod that is not ready, because it records events all the same', () => {
      const open = services.map(({ spec }) => spec.publishNotReadyAddresses === true);
      expect(open).toEqual([false, true]);
    });

    it('gives a start half an hour, in which it may have to read a large file', () => {
      const { periodSeconds, failureThreshold } = container.startupProbe;
      expect(periodSeconds * failureThreshold!).toBe(30 * 60);
    });

    it("keeps temporary read models off the node's own disk", () => {
      const volume = pod.volumes.find((one) => one.name === 'tmp');
      expect([volume?.emptyDir, typeof volume?.ephemeral]).toEqual([undefined, 'object']);
    });

    it('gives variables that the configuration knows and accepts, and secrets by reference', () => {
      expect(variables).toEqual(expect.arrayContaining(container.env.map((one) => one.name)));
      const given = container.env.map(({ name: variable, value, valueFrom }) => {
        if (value !== undefined) expect(value).not.toMatch(/:\/\//);
        return [variable, value ?? SECRETS[valueFrom!.secretKeyRef.key]];
      });
      const environment = Object.fromEntries(given) as Record<string, string>;
      const config = readConfig(environment, Date.now());
      expect(config.eventStore.kind).toBe(name === 'single.yaml' ? 'sqlite' : 'eventstoredb');
      expect(workload.spec.replicas).toBe(name === 'single.yaml' ? 1 : 2);
      const volume = pod.volumes.find((one) => one.name === 'data');
      expect(volume === undefined).toBe(name === 'single.yaml');
      expect(config.dataDir).toMatch(/^\/data\/\w+$/);
    });

    it('uses the secrets that the how-to creates', () => {
      const page = readFileSync(join(ROOT, 'docs/how-to/run-on-kubernetes.md'), 'utf8');
      expect(page).toContain(name);
      for (const { valueFrom } of container.env) {
        if (valueFrom !== undefined)
          expect(page).toContain(`--from-literal=${valueFrom.secretKeyRef.key}=`);
      }
    });
  });

  it('have a pod for commands on their page: of the same image, user and volume, but without the label', () => {
    const page = readFileSync(join(ROOT, 'docs/how-to/run-on-kubernetes.md'), 'utf8');
    const pod = parse(/```yaml\n([\s\S]*?)```/.exec(page)![1]!) as CommandsPod;
    validate(pod as unknown as Resource);
    const [, single] = files.find(([name]) => name === 'single.yaml')!;
    const { metadata, spec } = single.find(({ kind }) => kind === 'StatefulSet')!;
    const served = spec.template!.spec;
    const [commands] = pod.spec.containers;
    expect(pod.metadata).toEqual({ name: 'minutebook-commands' });
    expect(served.securityContext).toMatchObject(pod.spec.securityContext);
    expect(commands!.image).toBe(served.containers[0]!.image);
    expect(served.containers[0]!.env).toEqual(expect.arrayContaining([...commands!.env]));
    const [claim] = spec.volumeClaimTemplates!;
    expect(pod.spec.volumes[0]!.persistentVolumeClaim!.claimName).toBe(
      `${claim!.metadata.name}-${metadata.name}-0`,
    );
  });

  it('probe paths that the service answers without a key', async () => {
    const service = await TestService.start();
    const paths = files.flatMap(([, resources]) =>
      resources
        .flatMap(({ spec }) => spec.template?.spec.containers ?? [])
        .flatMap((one) => [one.startupProbe, one.livenessProbe, one.readinessProbe])
        .map(({ httpGet }) => httpGet.path),
    );
    for (const path of new Set(paths)) {
      expect([path, (await fetch(service.url + path)).status]).toEqual([path, 200]);
    }
    await service.close();
  });
});
