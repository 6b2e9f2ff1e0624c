import type { OwnSpec } from '../../reconcile/types.ts';
import { list, map, type OwnOf, object, oneOf, text, yesNo } from './own.ts';

/** A name of a Kubernetes object. */
const objectName = (description: string) => text(description, { min: 1, max: 253 });

/** A reference to one of our objects. */
export const objectRef = (kind: string) =>
  object(
    `The ${kind} to use. One in another namespace has to allow this namespace in its spec.allowedNamespaces.`,
    {
      name: objectName(`Name of the ${kind}.`),
      namespace: text(`Namespace of the ${kind}; by default this object's own.`, { min: 1, max: 63 }),
    },
    { required: ['name'] },
  );

/** Kubernetes' label selector, bounded. */
const labelSelector = object('Labels of a namespace, as Kubernetes selects by labels.', {
  matchLabels: map('Labels that have to be there with just this value.', text('', { max: 63 }), { max: 20 }),
  matchExpressions: list(
    'Requirements that all have to hold.',
    object(
      '',
      {
        key: text('The label.', { max: 317 }),
        operator: oneOf('How the label relates to the values.', ['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: list('For In and NotIn.', text('', { max: 63 }), { max: 50 }),
      },
      { required: ['key', 'operator'] },
    ),
    { max: 20 },
  ),
});

/** Who may refer to an object from another namespace. */
export const allowedNamespaces = object(
  'The namespaces whose objects may refer to this one. Nothing said means its own namespace only.',
  {
    names: list('Names of namespaces; * stands for anything.', text('', { max: 63 }), { max: 200 }),
    selector: labelSelector,
  },
);

const policy = object('How the operator treats what is in AWS.', {
  deletion: oneOf(
    'What happens in AWS when this object is deleted. Default Delete; Retain for what was adopted, unless written here.',
    ['Delete', 'Retain'],
  ),
  adoption: oneOf(
    'Whether what is in AWS already under this name, and belongs to nobody, may be taken over. Default Never.',
    ['Never', 'Adopt'],
  ),
  drift: oneOf('What to do about a declared field that somebody changed in AWS. Default Enforce.', [
    'Enforce',
    'Report',
  ]),
  driftByField: map(
    'The same by field, e.g. {"deploymentConfiguration.maximumPercent": "Ignore"}; the longest path wins.',
    oneOf('What to do about it.', ['Enforce', 'Report', 'Ignore']),
    { max: 50 },
  ),
  paused: yesNo('Look and report, but change nothing in AWS.'),
});

const accountRef = object(
  'The AwsAccount to work in. By default the one that the annotation ecs-operator.dev/account of the Namespace names, else the one called default, else the identity of the operator.',
  { name: objectName('Name of the AwsAccount.') },
  { required: ['name'] },
);

/** Our part of the spec of every namespaced kind. */
export const ownPart = { policy, accountRef } as const satisfies OwnOf<Omit<OwnSpec, 'allowedNamespaces'>>;

/** Names that are ours in every kind, also where a kind does not have them yet: AWS's members must not take them. */
export const RESERVED_NAMES = [
  'policy',
  'accountRef',
  'allowedNamespaces',
  'restartedAt',
  'rollout',
  'scaling',
  'revisionHistoryLimit',
  'taskDefinitionTemplate',
  'capacityProviderRefs',
] as const;
