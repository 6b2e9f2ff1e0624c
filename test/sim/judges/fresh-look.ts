import type { Call } from '../world/calls.ts';
import type { Appoint } from './judge.ts';

/** A look is stale after so long; milliseconds. */
const FRESH_MS = 60_000;

/** Which read shows what a destructive call is about to take away, and how both name it. */
const LOOKS: Readonly<Record<string, { readonly reads: readonly string[]; readonly of: readonly string[] }>> = {
  'ecs.DeleteCluster': { reads: ['ecs.DescribeClusters'], of: ['cluster', 'clusters'] },
  'ecs.DeleteService': { reads: ['ecs.DescribeServices'], of: ['service', 'services'] },
  'ecs.DeregisterTaskDefinition': {
    reads: ['ecs.DescribeTaskDefinition', 'ecs.ListTaskDefinitions'],
    of: ['taskDefinition', 'familyPrefix'],
  },
  'ecs.DeleteTaskDefinitions': {
    reads: ['ecs.DescribeTaskDefinition', 'ecs.ListTaskDefinitions'],
    of: ['taskDefinitions', 'familyPrefix'],
  },
  'cloudmap.DeleteNamespace': { reads: ['cloudmap.GetNamespace', 'cloudmap.ListNamespaces'], of: ['Id'] },
  'cloudmap.DeleteService': { reads: ['cloudmap.GetService', 'cloudmap.ListServices'], of: ['Id'] },
  'cloudmap.DeregisterInstance': { reads: ['cloudmap.ListInstances', 'cloudmap.GetService'], of: ['ServiceId', 'Id'] },
};

/** Nothing is taken away unless the same process has just looked at it: what it remembers may be long past. */
export const freshLook: Appoint = ({ report }) => {
  /** When each process last got an answer to which read. */
  const looks = new Map<string, number>();
  return {
    ended: ({ call, code }) => {
      if (call.side !== 'aws') return;
      const rule = LOOKS[call.operation];
      if (call.effect === 'read' && code !== undefined) {
        for (const subject of subjectsOf(call)) looks.set(`${call.process} ${call.operation} ${subject}`, call.at);
        looks.set(`${call.process} ${call.operation}`, call.at);
      }
      if (rule === undefined || code === undefined) return;
      const subjects = subjectsOf(call);
      const fresh = rule.reads.some((read) =>
        // Lists name nothing: they show everything there is.
        [
          ...subjects.map((subject) => `${call.process} ${read} ${subject}`),
          ...(read.includes('.List') ? [`${call.process} ${read}`] : []),
        ].some((key) => call.at - (looks.get(key) ?? Number.NEGATIVE_INFINITY) <= FRESH_MS),
      );
      if (!fresh) report(`${call.line} without a look at it within ${FRESH_MS / 1000} s`);
    },
  };
};

/** The last part of every name in a call's input, so that ARNs and names are the same. */
function subjectsOf({ input }: Call): readonly string[] {
  return Object.values(input ?? {}).flatMap((value: unknown) =>
    (Array.isArray(value) ? value : [value]).flatMap((one: unknown) =>
      typeof one === 'string' ? [one.slice(one.lastIndexOf('/') + 1)] : [],
    ),
  );
}
