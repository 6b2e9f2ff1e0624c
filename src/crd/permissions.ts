import type { KindSchema } from '../kinds/schema/kind-schema.ts';
import { GROUP } from './definition.ts';
import { KIND_SCHEMAS } from './kinds.ts';

/**
 * Where a rule has to hold: in every namespace that is watched, in the whole cluster, in the namespace of the Lease, or
 * in `default`, where Kubernetes keeps Events about objects that have no namespace.
 */
type PermissionScope = 'objects' | 'cluster' | 'lease' | 'default';

/** One rule of RBAC, with the reason why the operator needs it. */
export interface Permission {
  readonly scope: PermissionScope;
  readonly apiGroup: string;
  /** Plurals, subresources as `plural/subresource`. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Only these; `watched namespaces` stands for those that the operator was told to keep to. */
  readonly resourceNames?: readonly string[] | 'watched namespaces';
  /** Only needed then. */
  readonly when?: 'no installation id' | 'all namespaces' | 'listed namespaces';
  readonly why: string;
}

const namespaced = KIND_SCHEMAS.filter(({ scope }) => scope === 'Namespaced').map(plural);
const clusterWide = KIND_SCHEMAS.filter(({ scope }) => scope === 'Cluster').map(plural);

/**
 * Everything that the operator does in Kubernetes: the source of the chart's roles and of the documentation. An
 * integration test records its requests, and fails when one is missing here or one of these is not used.
 */
export const PERMISSIONS: readonly Permission[] = [
  {
    scope: 'objects',
    apiGroup: GROUP,
    resources: namespaced,
    verbs: ['get', 'list', 'watch', 'patch'],
    why: 'Follow the objects; patch is for the finalizer, specs are never written.',
  },
  {
    scope: 'objects',
    apiGroup: GROUP,
    resources: namespaced.map((name) => `${name}/status`),
    verbs: ['patch'],
    why: 'Tell in the status what is going on.',
  },
  {
    scope: 'objects',
    apiGroup: 'events.k8s.io',
    resources: ['events'],
    verbs: ['create', 'patch'],
    why: 'Tell of what was done as Events; patch counts repetitions.',
  },
  {
    scope: 'default',
    apiGroup: 'events.k8s.io',
    resources: ['events'],
    verbs: ['create', 'patch'],
    when: 'listed namespaces',
    why: 'Events about AwsAccounts, which have no namespace, belong to the namespace default.',
  },
  {
    scope: 'cluster',
    apiGroup: GROUP,
    resources: clusterWide,
    verbs: ['get', 'list', 'watch', 'patch'],
    why: 'Follow the AwsAccounts, which have no namespace; patch is for the finalizer.',
  },
  {
    scope: 'cluster',
    apiGroup: GROUP,
    resources: clusterWide.map((name) => `${name}/status`),
    verbs: ['patch'],
    why: 'Tell in the status of an AwsAccount whether it works.',
  },
  {
    scope: 'cluster',
    apiGroup: '',
    resources: ['namespaces'],
    verbs: ['get', 'list', 'watch'],
    when: 'all namespaces',
    why: "Namespaces' annotations name an account, pause and protect; their labels are selected by.",
  },
  {
    scope: 'cluster',
    apiGroup: '',
    resources: ['namespaces'],
    verbs: ['get', 'list', 'watch'],
    resourceNames: 'watched namespaces',
    when: 'listed namespaces',
    why: "Namespaces' annotations name an account, pause and protect; their labels are selected by.",
  },
  {
    scope: 'cluster',
    apiGroup: '',
    resources: ['namespaces'],
    verbs: ['get'],
    resourceNames: ['kube-system'],
    when: 'no installation id',
    why: 'The UID of kube-system is the installation id where none is given.',
  },
  {
    scope: 'cluster',
    apiGroup: 'apiextensions.k8s.io',
    resources: ['customresourcedefinitions'],
    verbs: ['get'],
    resourceNames: KIND_SCHEMAS.map((kind) => `${plural(kind)}.${GROUP}`),
    why: 'Nothing is deleted in AWS when its CustomResourceDefinition is being deleted.',
  },
  {
    scope: 'lease',
    apiGroup: 'coordination.k8s.io',
    resources: ['leases'],
    verbs: ['create'],
    why: 'Leader election; RBAC cannot limit create by name.',
  },
  {
    scope: 'lease',
    apiGroup: 'coordination.k8s.io',
    resources: ['leases'],
    verbs: ['get', 'update'],
    resourceNames: ['ecs-operator'],
    why: 'Leader election: take, renew and release the Lease.',
  },
];

const scalable = KIND_SCHEMAS.filter(({ scale }) => scale !== undefined).map((kind) => `${plural(kind)}/scale`);

/**
 * What the built-in roles of Kubernetes are to allow people; `edit` comes on top of `view`. AwsAccounts are in neither:
 * who writes them decides what everybody else may do in AWS.
 */
export const PEOPLES_PERMISSIONS: Readonly<Record<'view' | 'edit', readonly Omit<Permission, 'scope'>[]>> = {
  view: [
    {
      apiGroup: GROUP,
      resources: [...namespaced, ...namespaced.map((name) => `${name}/status`), ...scalable],
      verbs: ['get', 'list', 'watch'],
      why: 'See objects and their status.',
    },
  ],
  edit: [
    {
      apiGroup: GROUP,
      resources: namespaced,
      verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
      why: "Write objects; status is the operator's.",
    },
    {
      apiGroup: GROUP,
      resources: scalable,
      verbs: ['update', 'patch'],
      why: 'kubectl scale.',
    },
  ],
};

function plural(kind: KindSchema): string {
  return kind.plural;
}
