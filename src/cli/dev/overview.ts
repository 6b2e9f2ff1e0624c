import type { AdminClient } from '../../devcluster/admin-client.ts';
import { elements, member, text } from '../../devcluster/json.ts';

/** How one object fares, as a person sees it. */
export interface ObjectState {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly ready: boolean;
  /** The reason of Ready, e.g. `RolloutInProgress`. */
  readonly reason: string;
  readonly message: string;
}

const ROOT = '/apis/ecs-operator.dev/v1alpha1';
/** In the order in which things come up. */
const KINDS: readonly (readonly [kind: string, plural: string])[] = [
  ['AwsAccount', 'awsaccounts'],
  ['EcsCluster', 'ecsclusters'],
  ['CloudMapNamespace', 'cloudmapnamespaces'],
  ['CloudMapService', 'cloudmapservices'],
  ['EcsTaskDefinition', 'ecstaskdefinitions'],
  ['EcsService', 'ecsservices'],
];

/** All our objects of all namespaces. */
export async function overview(client: AdminClient): Promise<readonly ObjectState[]> {
  const lists = await Promise.all(
    KINDS.map(async ([kind, plural]) => {
      const { body } = await client.request({ method: 'GET', path: `${ROOT}/${plural}` });
      return elements(member(body, 'items')).map((item) => stateOf(kind, item));
    }),
  );
  return lists.flat();
}

function stateOf(kind: string, item: unknown): ObjectState {
  const ready = elements(member(item, 'status', 'conditions')).find((one) => member(one, 'type') === 'Ready');
  // A condition of an earlier generation says nothing about what was applied just now.
  const current = member(ready, 'observedGeneration') === member(item, 'metadata', 'generation');
  return {
    kind,
    namespace: text(member(item, 'metadata', 'namespace')) ?? '',
    name: text(member(item, 'metadata', 'name')) ?? '',
    ready: current && member(ready, 'status') === 'True',
    reason: current ? (text(member(ready, 'reason')) ?? 'Pending') : 'Pending',
    message: current ? (text(member(ready, 'message')) ?? '') : 'not looked at yet',
  };
}
