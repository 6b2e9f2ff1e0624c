import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { type KubeConnection, kubeTransport } from '../../src/kube/http-transport.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { sharedControlPlane, waitFor } from '../harness/control-plane.ts';
import { USER_AGENT } from '../sim/kube-api/conformance/in-memory-target.ts';
import { conformance } from '../sim/kube-api/conformance/suite.ts';
import type { ConformanceTarget } from '../sim/kube-api/conformance/target.ts';

let connection: KubeConnection;
beforeAll(async () => {
  const { kubeconfigPath } = sharedControlPlane();
  connection = await kubeTransport({
    kubeconfig: kubeconfigPath,
    env: {},
    clock: systemClock(),
    userAgent: USER_AGENT,
  });
});
afterAll(() => connection.close());

function realTarget(): ConformanceTarget {
  return {
    transport: connection.transport,
    uniqueName: (prefix) => `${prefix}-${randomBytes(5).toString('hex')}`,
    until: (describe, look) => waitFor(look, { describe }) as never,
  };
}

conformance(realTarget);
