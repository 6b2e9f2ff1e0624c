import type { Appoint } from './judge.ts';

/**
 * With a lease, only who holds it changes anything in AWS. What had left the process when it was stopped still arrives:
 * it is judged by when it was sent.
 */
export const oneWorker: Appoint = ({ scenario, report }) => {
  const holders = new Map<string, string | undefined>();
  return {
    changed: ({ type, resource, object }, cluster) => {
      if (!resource.startsWith('leases.')) return;
      // Safe: the API server checks Leases.
      const { spec } = object as { readonly spec?: { readonly holderIdentity?: string } };
      holders.set(cluster.name, type === 'DELETED' ? undefined : spec?.holderIdentity);
    },
    called: ({ side, effect, cluster, process, line }) => {
      if ((scenario.operators ?? 1) < 2 || side !== 'aws' || effect !== 'write') return;
      // A process is the nth life of a replica, which is what the lease names: op-a1 is one of op-a.
      const replica = process.replace(/\d+$/, '');
      const holder = holders.get(cluster);
      if (!holder?.startsWith(`${replica}_`))
        report(`${process} sends ${line} while ${holder ?? 'nobody'} has the lease`);
    },
  };
};
