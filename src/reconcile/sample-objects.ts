import type { KubeObject } from '../kube/object.ts';
import type { AwsAccount, AwsAccountSpec } from './account.ts';
import type { CommonStatus, EcsObject, OwnSpec } from './types.ts';

/** Samples for unit tests. */

export interface SampleInput<Spec, Status> {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly deleting?: boolean;
  readonly spec?: Spec;
  readonly status?: Status;
}

export const SAMPLE_ARN = 'arn:aws:ecs:eu-central-1:123456789012:cluster/prod';

/** An EcsCluster `shop/prod` when nothing else is said. */
export function sampleObject<Spec extends OwnSpec = OwnSpec, Status extends CommonStatus = CommonStatus>(
  input: SampleInput<Spec, Status> = {},
): EcsObject<Spec, Status> {
  const { kind = 'EcsCluster', namespace = 'shop', name = 'prod', uid = 'uid-1', generation = 1, status } = input;
  const { annotations, finalizers, deleting = false } = input;
  return {
    apiVersion: 'ecs-operator.dev/v1alpha1',
    kind,
    metadata: {
      namespace,
      name,
      uid,
      generation,
      resourceVersion: '1',
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ...(deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    // Safe: every member of a spec that these tests use is optional.
    spec: input.spec ?? ({} as Spec),
    ...(status === undefined ? {} : { status }),
  };
}

/** An object that AWS holds in its present generation, and that others may use. */
export function syncedObject(input: SampleInput<OwnSpec, CommonStatus> = {}): EcsObject {
  const generation = input.generation ?? 1;
  const status: CommonStatus = {
    arn: SAMPLE_ARN,
    name: 'prod',
    conditions: [condition('Synced', { observedGeneration: generation })],
    ...input.status,
  };
  return sampleObject({ ...input, status });
}

/** A condition that is True when nothing else is said. */
export function condition(
  type: string,
  over: {
    readonly status?: 'True' | 'False' | 'Unknown';
    readonly reason?: string;
    readonly message?: string;
    readonly observedGeneration?: number;
    readonly lastTransitionTime?: string;
  } = {},
) {
  return {
    type,
    status: 'True' as const,
    reason: type,
    message: '',
    observedGeneration: 1,
    lastTransitionTime: '2026-01-01T00:00:00Z',
    ...over,
  };
}

/** An AwsAccount that is Ready and allows every namespace. */
export function sampleAccount(
  name: string,
  spec: Partial<AwsAccountSpec> = {},
  over: Partial<AwsAccount> = {},
): AwsAccount {
  return {
    apiVersion: 'ecs-operator.dev/v1alpha1',
    kind: 'AwsAccount',
    metadata: { name, uid: `uid-${name}`, generation: 1, resourceVersion: '1' },
    spec: { region: 'eu-central-1', allowedNamespaces: { names: ['*'] }, ...spec },
    status: { accountId: '123456789012', conditions: [condition('Ready')] },
    ...over,
  };
}

export function sampleNamespace(
  name: string,
  { labels, annotations }: Pick<KubeObject['metadata'], 'labels' | 'annotations'> = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: '1',
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}
