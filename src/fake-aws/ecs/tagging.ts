import type { ListTagsForResourceRequest, Tag, TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-ecs';
import { checkTags } from '../core/tags.ts';
import { resourceOf } from './arns.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import { plainTags } from './plain-tags.ts';

interface Tagged {
  tags: readonly Tag[];
}

export function tagResource(ctx: EcsContext, input: Checked<TagResourceRequest>): object {
  const resource = changeable(ctx, input.resourceArn);
  checkTags(plainTags(input.tags), 'InvalidParameterException');
  const merged = new Map([...resource.tags, ...input.tags].map((tag) => [tag.key, tag]));
  const own = [...merged.values()].filter(({ key }) => !key?.startsWith('aws:'));
  checkTags(plainTags(own), 'InvalidParameterException');
  resource.tags = [...merged.values()];
  return {};
}

export function untagResource(ctx: EcsContext, input: Checked<UntagResourceRequest>): object {
  const resource = changeable(ctx, input.resourceArn);
  resource.tags = resource.tags.filter(({ key }) => key === undefined || !input.tagKeys.includes(key));
  return {};
}

export function listTagsForResource(ctx: EcsContext, input: Checked<ListTagsForResourceRequest>): object {
  return { tags: [...find(ctx, input.resourceArn).resource.tags] };
}

/** @throws AwsError for what is not there, or cannot be tagged any more. */
function changeable(ctx: EcsContext, arn: string): Tagged {
  const { resource, active, what } = find(ctx, arn);
  if (!active) {
    throw invalidParameter(`The specified ${what} is inactive. Specify an active ${what} and try again.`);
  }
  return resource;
}

interface Found {
  readonly resource: Tagged;
  readonly active: boolean;
  readonly what: string;
}

function find(ctx: EcsContext, arn: string): Found {
  const text = resourceOf(ctx.scope, arn);
  if (text === undefined) throw invalidParameter('Invalid resource ARN.');
  const [kind = '', ...names] = text.split('/');
  const found = lookup(ctx, { arn, kind, names });
  if (!found) throw resourceNotFound();
  return found;
}

interface Reference {
  readonly arn: string;
  readonly kind: string;
  readonly names: readonly string[];
}

function lookup(ctx: EcsContext, { arn, kind, names }: Reference): Found | undefined {
  const { state } = ctx;
  const [first = '', second = ''] = names;
  const cluster = kind === 'task-definition' || kind === 'capacity-provider' ? undefined : state.cluster(first);
  switch (kind) {
    case 'cluster':
      return cluster && { resource: cluster, active: cluster.status === 'ACTIVE', what: 'cluster' };
    case 'service': {
      const service = cluster && state.service(cluster, second);
      return service && { resource: service, active: service.status !== 'INACTIVE', what: 'service' };
    }
    case 'task-definition': {
      const definition = state.taskDefinition(arn);
      return definition && { resource: definition, active: definition.status === 'ACTIVE', what: 'task definition' };
    }
    case 'task': {
      const task = cluster?.tasks.get(arn);
      return task && { resource: task, active: task.lastStatus !== 'STOPPED', what: 'task' };
    }
    case 'container-instance': {
      const instance = cluster?.instances.get(arn);
      return instance && { resource: instance, active: true, what: 'container instance' };
    }
    case 'capacity-provider': {
      const provider = state.capacityProviders.get(first);
      return provider && { resource: provider, active: provider.status === 'ACTIVE', what: 'capacity provider' };
    }
    case 'task-set': {
      const set = (cluster && state.service(cluster, second))?.taskSets.find((each) => each.arn === arn);
      return set && { resource: set, active: true, what: 'task set' };
    }
    default:
      return undefined;
  }
}
