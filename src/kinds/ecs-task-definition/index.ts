import type { Kind, PlanInput } from '../../reconcile/kind.ts';
import type { JsonObject } from '../../shape/shape.ts';
import { planTags } from '../tag-plan.ts';
import { tagsOf } from '../tags.ts';
import { deregisterRevision } from './deregister-revision.ts';
import { observeOwnRevisions, observeRevisions } from './observe-revisions.ts';
import { CONTENT_TAG, desiredRevision, registerRevision, revisionsToPrune, revisionTags } from './revision.ts';
import type { EcsTaskDefinitionSpec, EcsTaskDefinitionStatus } from './schema.ts';
import { reportTaskDefinition } from './status.ts';
import type { TaskDefinitionAction, TaskDefinitionDesired, TaskDefinitionObserved } from './types.ts';
import { revisionsInUse } from './users.ts';

type Input = PlanInput<EcsTaskDefinitionSpec, EcsTaskDefinitionStatus, TaskDefinitionDesired, TaskDefinitionObserved>;

const DEFAULT_HISTORY = 10;

/** Task definitions: a family of immutable revisions, of which each content is registered once. */
export const ecsTaskDefinition: Kind<
  EcsTaskDefinitionSpec,
  EcsTaskDefinitionStatus,
  TaskDefinitionDesired,
  TaskDefinitionObserved,
  TaskDefinitionAction
> = {
  name: 'EcsTaskDefinition',
  type: {
    group: 'ecs-operator.dev',
    version: 'v1alpha1',
    kind: 'EcsTaskDefinition',
    plural: 'ecstaskdefinitions',
    namespaced: true,
  },
  conditionTypes: ['RolledOut'],
  followsDependents: true,

  // A new content expects nothing: that is a change, not a loss.
  expects: (status, desired) => status.arn !== undefined && status.contentHash === desired.revision.contentHash,
  explicitName: ({ family }) => (typeof family === 'string' ? family : undefined),
  references: () => [],

  desired({ object, resolvedName }) {
    // Safe: what the API server stores is JSON.
    const template = object.spec as unknown as JsonObject;
    const deleting = object.metadata.deletionTimestamp !== undefined;
    const revision = desiredRevision({ template, family: resolvedName, path: '', deleting });
    if ('problem' in revision) return revision;
    return {
      name: resolvedName,
      claim: resolvedName,
      grants: revision.grants,
      leaves: { content: revision.contentHash.slice(0, 10), ...revision.leaves },
      revision,
      historyLimit: object.spec.revisionHistoryLimit ?? DEFAULT_HISTORY,
    };
  },

  async observe({ object, desired, identity }, aws) {
    const { revisions: known = [], foreignRevisions: foreign = 0 } = object.status ?? {};
    const input = { wanted: desired.revision, identity, known, foreign };
    const deleting = object.metadata.deletionTimestamp !== undefined;
    const adopt = object.spec.policy?.adoption === 'Adopt';
    const revisions = deleting
      ? await observeOwnRevisions(input, aws)
      : await observeRevisions({ ...input, adopt }, aws);
    const observed = withPresence(revisions);
    const { presence } = observed;
    if (presence.state !== 'present' || !known.some(({ arn }) => arn === presence.arn)) return observed;
    return { ...observed, presence: { ...presence, remembered: true } };
  },

  // A revision does not change: as long as nothing else is asked, only those that refer to it have news.
  recall({ object, desired, identity }) {
    const { arn, contentHash, revisions = [], foreignRevisions = 0 } = object.status ?? {};
    if (arn === undefined || contentHash !== desired.revision.contentHash) return undefined;
    const wanted = { arn, tags: revisionTags(desired.revision, identity) };
    return withPresence({ wanted, own: revisions, foreignRevisions });
  },

  plan(input: Input) {
    const { desired, observed, object, dependents } = input;
    const { wanted } = observed.revisions;
    if (wanted === undefined) {
      return { actions: [{ type: 'RegisterTaskDefinition', family: desired.revision.family }], reported: [] };
    }
    const { arn } = wanted;
    const declared = desired.revision.userTags;
    const tags = planTags({ declared, live: wanted.tags, unset: input.unset, judge: (path) => input.judge(path) });
    const content =
      wanted.tags[CONTENT_TAG] === desired.revision.contentHash ? {} : { [CONTENT_TAG]: desired.revision.contentHash };
    const set = { ...tags.set, ...content };
    const prune = revisionsToPrune(observed.revisions, {
      limit: desired.historyLimit,
      inUse: revisionsInUse(object, dependents),
    });
    const actions: TaskDefinitionAction[] = [];
    if (Object.keys(set).length > 0) actions.push({ type: 'TagResource', arn, tags: set });
    if (tags.remove.length > 0) actions.push({ type: 'UntagResource', arn, keys: tags.remove });
    for (const old of prune) actions.push({ type: 'DeregisterTaskDefinition', arn: old, why: 'history' });
    return { actions, reported: tags.reported };
  },

  planDeletion({ observed }) {
    const actions = observed.revisions.own.map(
      ({ arn }): TaskDefinitionAction => ({ type: 'DeregisterTaskDefinition', arn, why: 'deletion' }),
    );
    return { actions, reported: [] };
  },

  isDestructive: ({ type }) => type === 'DeregisterTaskDefinition',

  // Each registration makes another revision, and there is no token to say that it is the same one.
  once: ({ type }, { object, desired: { revision } }) =>
    type === 'RegisterTaskDefinition'
      ? { id: revision.contentHash, begun: object.status?.applied?.leaves.content === '' }
      : undefined,

  describe(action) {
    switch (action.type) {
      case 'RegisterTaskDefinition':
        return `RegisterTaskDefinition ${action.family}`;
      case 'TagResource':
        return `TagResource ${shortOf(action.arn)}: ${Object.keys(action.tags).join(', ')}`;
      case 'UntagResource':
        return `UntagResource ${shortOf(action.arn)}: ${action.keys.join(', ')}`;
      case 'DeregisterTaskDefinition':
        return `DeregisterTaskDefinition ${shortOf(action.arn)}`;
      default:
        return action satisfies never;
    }
  },

  async act(action, { desired, observed, identity }, aws) {
    const { revisions } = observed;
    switch (action.type) {
      case 'RegisterTaskDefinition':
        return withPresence(await registerRevision(desired.revision, revisions, identity, aws));
      case 'TagResource':
        await aws.call('ecs.TagResource', { resourceArn: action.arn, tags: tagsOf(action.tags) });
        return withTags(observed, (tags) => ({ ...tags, ...action.tags }));
      case 'UntagResource':
        await aws.call('ecs.UntagResource', { resourceArn: action.arn, tagKeys: [...action.keys] });
        return withTags(observed, (tags) =>
          Object.fromEntries(Object.entries(tags).filter(([key]) => !action.keys.includes(key))),
        );
      case 'DeregisterTaskDefinition': {
        const left = await deregisterRevision({ arn: action.arn, observed: revisions, identity }, aws);
        if (action.why === 'history') return withPresence(left);
        const [next] = left.own;
        return withPresence({
          ...left,
          wanted: next === undefined ? undefined : { arn: next.arn, tags: identity.tags },
        });
      }
      default:
        return action satisfies never;
    }
  },

  async writeTags({ arn }, tags, aws) {
    await aws.call('ecs.TagResource', { resourceArn: arn, tags: tagsOf(tags) });
  },

  report: reportTaskDefinition,
};

function withPresence(revisions: TaskDefinitionObserved['revisions']): TaskDefinitionObserved {
  const { wanted, certain = false } = revisions;
  if (wanted === undefined) return { presence: { state: 'absent', certain }, revisions };
  return { presence: { state: 'present', arn: wanted.arn, tags: wanted.tags }, revisions };
}

function withTags(
  { revisions }: TaskDefinitionObserved,
  change: (tags: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): TaskDefinitionObserved {
  const { wanted } = revisions;
  return withPresence({
    ...revisions,
    wanted: wanted === undefined ? undefined : { arn: wanted.arn, tags: change(wanted.tags) },
  });
}

function shortOf(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}
