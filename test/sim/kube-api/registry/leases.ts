import { builtinResource } from './builtin-resource.ts';

const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer' } as const;

/** Leases, for leader election. */
export const LEASES = builtinResource({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  createOnUpdate: true,
  properties: {
    spec: {
      type: 'object',
      properties: {
        acquireTime: TEXT,
        renewTime: TEXT,
        holderIdentity: TEXT,
        leaseDurationSeconds: COUNT,
        leaseTransitions: COUNT,
        preferredHolder: TEXT,
        strategy: TEXT,
      },
    },
  },
});
