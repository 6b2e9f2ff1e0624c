import type { Operation } from '../../../src/aws/operations.ts';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import type {
  AwsSession,
  DesiredBase,
  Kind,
  LeafVerdict,
  ObservedBase,
  Presence,
  TagMap,
} from '../../../src/reconcile/kind.ts';
import type { CommonStatus, OwnSpec } from '../../../src/reconcile/types.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { type Loose, OneObject, type Surroundings } from './one-object.ts';

/** A kind with one field, over an AWS that is a table: for the flow that all kinds share. */

export interface TinySpec extends OwnSpec {
  readonly value?: string;
}

export interface TinyStatus extends CommonStatus {
  readonly shown?: string;
  readonly step?: string;
}

interface TinyDesired extends DesiredBase {
  readonly value: string | undefined;
}

interface TinyObserved extends ObservedBase {
  readonly value: string | undefined;
}

type TinyAction = { readonly type: 'Create' | 'Delete' } | { readonly type: 'Update'; readonly value: string };

interface Resource {
  readonly arn: string;
  tags: TagMap;
  value: string | undefined;
  leaving: boolean;
}

/** The table. Its operations bear the names of some of ECS's, since the operator's are a closed list. */
export class TinyAws {
  readonly clock = new VirtualClock();
  resource: Resource | undefined;
  /** How many were ever made; ARNs are counted. */
  made = 0;
  /** Takes updates and does not show them. */
  forgetful = false;
  /** Says of what is missing that this is for certain. */
  certain = false;
  /** Deletions take until `finish`. */
  slow = false;
  refuse: ((operation: Operation) => AwsError | undefined) | undefined;
  /** Called before each call is answered. */
  before: ((operation: Operation) => void) | undefined;

  put(tags: TagMap, value?: string): void {
    this.made += 1;
    this.resource = {
      arn: `arn:aws:ecs:eu-central-1:123456789012:cluster/prod-${this.made}`,
      tags,
      value,
      leaving: false,
    };
  }

  finish(): void {
    if (this.resource?.leaving === true) this.resource = undefined;
  }

  answer(operation: Operation, input: Loose): object {
    this.before?.(operation);
    const refused = this.refuse?.(operation);
    if (refused !== undefined) throw refused;
    switch (operation) {
      case 'ecs.DescribeClusters':
        break;
      case 'ecs.CreateCluster':
        if (this.resource === undefined) this.put(input.tags, input.value);
        break;
      case 'ecs.UpdateCluster':
        if (!this.forgetful) this.#existing().value = input.value;
        break;
      case 'ecs.TagResource':
        this.#existing().tags = { ...this.#existing().tags, ...input.tags };
        break;
      case 'ecs.DeleteCluster':
        if (this.slow) this.#existing().leaving = true;
        else this.resource = undefined;
        break;
      default:
        throw new AwsError({ code: 'UnknownOperationException', message: operation });
    }
    return { resource: this.resource, certain: this.certain };
  }

  #existing(): Resource {
    if (this.resource === undefined) {
      throw new AwsError({ code: 'ClusterNotFoundException', message: 'Cluster not found.' });
    }
    return this.resource;
  }
}

async function ask(aws: AwsSession, operation: Operation, input: Loose = {}): Promise<TinyObserved> {
  const { resource, certain } = (await aws.call(operation, input)) as Loose;
  if (resource === undefined) return { presence: { state: 'absent', certain }, value: undefined };
  const { arn, tags, value, leaving } = resource;
  const presence: Presence = leaving
    ? { state: 'leaving', arn, tags, message: 'on its way out' }
    : { state: 'present', arn, tags };
  return { presence, value };
}

function verdictPlan(verdict: LeafVerdict, declared: string, live: string | undefined) {
  const difference = { path: 'value', declared, live, sensitive: false };
  return {
    actions: verdict === 'apply' ? [{ type: 'Update' as const, value: declared }] : [],
    reported: verdict === 'report' ? [difference] : [],
  };
}

export const tinyKind: Kind<TinySpec, TinyStatus, TinyDesired, TinyObserved, TinyAction> = {
  name: 'EcsCluster',
  type: { group: 'ecs-operator.dev', version: 'v1alpha1', kind: 'EcsCluster', plural: 'ecsclusters', namespaced: true },
  conditionTypes: [],
  followsDependents: false,
  explicitName: () => undefined,
  references: () => [],
  desired: ({ object: { spec }, resolvedName }) => ({
    name: resolvedName,
    claim: resolvedName,
    grants: [],
    leaves: spec.value === undefined ? {} : { value: `hash of ${spec.value}` },
    value: spec.value,
  }),
  observe: (_input, aws) => ask(aws, 'ecs.DescribeClusters'),
  plan({ desired, observed, unset, judge }) {
    if (observed.presence.state === 'absent') return { actions: [{ type: 'Create' }], reported: [] };
    if (unset.includes('value') && observed.value !== undefined && observed.value !== 'default') {
      return { actions: [{ type: 'Update', value: 'default' }], reported: [] };
    }
    if (desired.value === undefined || desired.value === observed.value) return { actions: [], reported: [] };
    return verdictPlan(judge('value'), desired.value, observed.value);
  },
  planDeletion: ({ observed }) => ({
    actions: observed.presence.state === 'present' ? [{ type: 'Delete' }] : [],
    reported: [],
  }),
  isDestructive: ({ type }) => type === 'Delete',
  describe: (action) => (action.type === 'Update' ? `Update to ${action.value}` : action.type),
  act(action, { desired, identity }, aws) {
    switch (action.type) {
      case 'Create':
        return ask(aws, 'ecs.CreateCluster', { tags: identity.tags, value: desired.value });
      case 'Update':
        return ask(aws, 'ecs.UpdateCluster', { value: action.value });
      case 'Delete':
        return ask(aws, 'ecs.DeleteCluster');
      default:
        return action satisfies never;
    }
  },
  async writeTags(_presence, tags, aws) {
    await ask(aws, 'ecs.TagResource', { tags });
  },
  report: ({ observed: { value } }) => ({ fields: value === undefined ? {} : { shown: value }, conditions: [] }),
  deletionStatus: ({ presence }) => ({ step: presence.state }),
};

/** An EcsCluster `shop/prod` of the tiny kind. */
export function oneTiny(
  table = new TinyAws(),
  {
    around = {},
    ...more
  }: { around?: Partial<Surroundings>; uid?: string; name?: string; kind?: Partial<typeof tinyKind> } = {},
) {
  return new OneObject({
    kind: { ...tinyKind, ...more.kind },
    around: { clock: table.clock, aws: (operation, input) => table.answer(operation, input), ...around },
    name: more.name ?? 'prod',
    ...(more.uid === undefined ? {} : { uid: more.uid }),
  });
}

/** The ownership tags of an object of the tiny kind. */
export function tagsOf(over: Readonly<Record<string, string>> = {}): TagMap {
  const own = { installation: 'one', kind: 'EcsCluster', namespace: 'shop', name: 'prod', uid: 'uid-1', ...over };
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [`ecs-operator.dev/${name}`, value]));
}
