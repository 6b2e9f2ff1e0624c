import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KIND_SCHEMAS } from '../../src/crd/kinds.ts';
import type { KindSchema } from '../../src/kinds/schema/kind-schema.ts';
import { type KubeConnection, kubeTransport } from '../../src/kube/http-transport.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { type OwnControlPlane, ownControlPlane, sharedControlPlane, waitFor } from '../harness/control-plane.ts';
import { definitions } from '../sim/kube-api/conformance/definitions.ts';
import { inMemoryTarget, USER_AGENT } from '../sim/kube-api/conformance/in-memory-target.ts';
import { mixedSpecs } from '../sim/kube-api/conformance/mixed-specs.ts';
import { run, sequences, sequencesOf } from '../sim/kube-api/conformance/random-requests.ts';
import { tryCases } from '../sim/kube-api/conformance/rule-cases.ts';
import { conformance } from '../sim/kube-api/conformance/suite.ts';
import type { ConformanceTarget } from '../sim/kube-api/conformance/target.ts';
import { WIDGET_CRD_NAME, WIDGET_RULES, widgetCrd } from '../sim/kube-api/conformance/widgets.ts';
import { OPERATOR_RULES, operatorCrds } from '../sim/kube-api/installed-crds.ts';
import { RULE_CASES } from './crd/cases/index.ts';

describe('a real kube-apiserver', () => {
  let connection: KubeConnection;
  beforeAll(async () => {
    connection = await connect(sharedControlPlane().kubeconfigPath);
  });
  afterAll(() => connection.close());

  conformance(() => realTarget(connection));

  it.each(ofScope('Namespaced'))(
    'accepts and refuses the cases of the rules of %s just as the API in memory does',
    (_, kind) => compareCases(realTarget(connection), kind),
  );

  it.each(ofScope('Namespaced'))(
    'answers random requests about %s just as the API in memory does',
    async (name, kind) => {
      const real = realTarget(connection);
      await fc.assert(
        fc.asyncProperty(sequencesOf(kind, mixedSpecs(RULE_CASES[name] ?? [])), async (sequence) => {
          const simulated = inMemoryTarget({ clock: new VirtualClock(), random: seededRandom(1) });
          expect(await run(simulated, sequence)).toEqual(await run(real, sequence));
        }),
        { numRuns: RANDOM_RUNS, interruptAfterTimeLimit: RANDOM_LIMIT_MS / KIND_SCHEMAS.length },
      );
    },
  );
});

describe('a real kube-apiserver of its own', () => {
  let cluster: OwnControlPlane;
  let connection: KubeConnection;
  beforeAll(async () => {
    cluster = await ownControlPlane();
    connection = await connect(cluster.kubeconfigPath);
  });
  afterAll(async () => {
    connection.close();
    await cluster.stop();
  });

  // Operators of other tests see what has no namespace, and write to it.
  it.each(ofScope('Cluster'))(
    'accepts and refuses the cases of the rules of %s just as the API in memory does',
    (_, kind) => compareCases(realTarget(connection), kind),
  );

  definitions(() => ({
    ...realTarget(connection),
    async compact() {
      // It serves watches from its own memory as long as it runs.
      await cluster.stopApiServer();
      await cluster.compactEtcd();
      await cluster.startApiServer();
    },
  }));

  it('answers random requests just as the API in memory does', async () => {
    const real = realTarget(connection);
    await installWidgets(cluster);
    await fc.assert(
      fc.asyncProperty(sequences, async (sequence) => {
        const simulated = inMemoryTarget({
          clock: new VirtualClock(),
          random: seededRandom(1),
          crds: [...operatorCrds(), widgetCrd()],
          rules: new Map([...OPERATOR_RULES, [WIDGET_CRD_NAME, WIDGET_RULES]]),
        });
        expect(await run(simulated, sequence)).toEqual(await run(real, sequence));
      }),
      { numRuns: RANDOM_RUNS, interruptAfterTimeLimit: RANDOM_LIMIT_MS },
    );
  });
});

/** As many as fit into the time; each takes about a tenth of a second. */
const RANDOM_RUNS = Number(process.env.CONFORMANCE_RUNS ?? 150);
const RANDOM_LIMIT_MS = Number(process.env.CONFORMANCE_LIMIT_MS ?? 20_000);

function ofScope(wanted: KindSchema['scope']): readonly (readonly [string, KindSchema])[] {
  return KIND_SCHEMAS.filter(({ scope }) => scope === wanted).map((kind) => [kind.kind, kind]);
}

async function compareCases(real: ConformanceTarget, kind: KindSchema): Promise<void> {
  const simulated = inMemoryTarget({ clock: new VirtualClock(), random: seededRandom(1) });
  const cases = RULE_CASES[kind.kind] ?? [];
  expect(await tryCases(simulated, kind, cases)).toEqual(await tryCases(real, kind, cases));
}

async function installWidgets({ client }: OwnControlPlane): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await waitFor(async () => (await client.request({ method: 'POST', path, body: widgetCrd() })).status === 201, {
    describe: 'the CRD of an earlier test is gone',
  });
  await waitFor(
    async () => (await client.request({ method: 'GET', path: '/apis/test.dev/v1/widgets' })).status === 200,
    {
      describe: 'widgets are served',
    },
  );
}

function connect(kubeconfig: string): Promise<KubeConnection> {
  return kubeTransport({ kubeconfig, env: {}, clock: systemClock(), userAgent: USER_AGENT });
}

function realTarget({ transport }: KubeConnection): ConformanceTarget {
  return {
    transport,
    uniqueName: (prefix) => `${prefix}-${randomBytes(5).toString('hex')}`,
    async until<T>(describe: string, look: () => Promise<T | undefined>): Promise<T> {
      const seen = await waitFor(look, { describe, until: (found) => found !== undefined });
      if (seen === undefined) throw new Error(`${describe}: nothing was seen`);
      return seen;
    },
  };
}
