import type {
  AutoScalingGroupProvider,
  CapacityProvider,
  CreateCapacityProviderRequest,
  DeleteCapacityProviderRequest,
  DescribeCapacityProvidersRequest,
  Failure,
  ManagedInstancesProvider,
  UpdateCapacityProviderRequest,
} from '@aws-sdk/client-ecs';
import { pageOf } from '../core/paging.ts';
import { checkTags } from '../core/tags.ts';
import { capacityProviderArn } from './arns.ts';
import type { Checked } from './checked-input.ts';
import type { EcsContext } from './context.ts';
import { clientError, invalidParameter, resourceInUse, updateInProgress } from './errors.ts';
import { pageSize } from './page-size.ts';
import { plainTags } from './plain-tags.ts';
import type { CapacityProviderRecord } from './records.ts';
import { findProvider } from './strategies.ts';

/** FARGATE and FARGATE_SPOT are there without being made. */
export function addBuiltInProviders(ctx: EcsContext): void {
  for (const name of ['FARGATE', 'FARGATE_SPOT'] as const) {
    const arn = capacityProviderArn(ctx.scope, name);
    ctx.state.capacityProviders.set(name, { name, arn, type: name, status: 'ACTIVE', tags: [] });
  }
}

export function createCapacityProvider(ctx: EcsContext, input: Checked<CreateCapacityProviderRequest>): object {
  const { name, autoScalingGroupProvider, managedInstancesProvider } = input;
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(name)) throw invalidParameter('The capacity provider name is not valid.');
  if (/^(aws|ecs|fargate)/i.test(name)) {
    throw invalidParameter(
      "The specified capacity provider name is not valid. It cannot begin with 'aws', 'ecs' or 'fargate'.",
    );
  }
  if ((autoScalingGroupProvider === undefined) === (managedInstancesProvider === undefined)) {
    throw invalidParameter('Specify exactly one of autoScalingGroupProvider and managedInstancesProvider.');
  }
  const existing = findProvider(ctx, name);
  if (existing && existing.status !== 'INACTIVE') {
    throw clientError('The specified capacity provider already exists. Use a different name and try again.');
  }
  checkTags(plainTags(input.tags), 'InvalidParameterException');
  const cluster = managedInstancesProvider ? ctx.state.activeCluster(input.cluster).name : undefined;
  const provider: CapacityProviderRecord = {
    name,
    arn: capacityProviderArn(ctx.scope, name),
    type: managedInstancesProvider ? 'MANAGED_INSTANCES' : 'EC2_AUTOSCALING',
    cluster,
    status: 'ACTIVE',
    updateStatus: 'CREATE_COMPLETE',
    autoScalingGroupProvider: autoScalingGroupProvider && scalingDefaults(autoScalingGroupProvider),
    // The request has every member of what is described, and fewer.
    managedInstancesProvider: managedInstancesProvider as ManagedInstancesProvider | undefined,
    tags: input.tags ?? [],
  };
  ctx.state.capacityProviders.set(name, provider);
  return { capacityProvider: providerView(provider, true) };
}

/** Members of an Auto Scaling group provider that are left out stay as they are. */
export function updateCapacityProvider(ctx: EcsContext, input: Checked<UpdateCapacityProviderRequest>): object {
  const provider = ownProvider(ctx, input.name);
  if (provider.updateStatus === 'UPDATE_IN_PROGRESS') {
    throw updateInProgress('The capacity provider is being updated. Wait and try again.');
  }
  if (input.autoScalingGroupProvider && provider.autoScalingGroupProvider) {
    const { managedScaling, ...rest } = input.autoScalingGroupProvider;
    const former = provider.autoScalingGroupProvider;
    provider.autoScalingGroupProvider = {
      ...former,
      ...rest,
      managedScaling: { ...former.managedScaling, ...managedScaling },
    };
  }
  if (input.managedInstancesProvider && provider.managedInstancesProvider) {
    const former = provider.managedInstancesProvider;
    // As above: the request's members are those of what is described.
    provider.managedInstancesProvider = { ...former, ...input.managedInstancesProvider } as ManagedInstancesProvider;
  }
  provider.updateStatus = 'UPDATE_IN_PROGRESS';
  ctx.scope.timers.after(ctx.durations.attachments, () => {
    if (provider.updateStatus === 'UPDATE_IN_PROGRESS') provider.updateStatus = 'UPDATE_COMPLETE';
  });
  return { capacityProvider: providerView(provider, true) };
}

export function deleteCapacityProvider(ctx: EcsContext, input: Checked<DeleteCapacityProviderRequest>): object {
  const provider = ownProvider(ctx, input.capacityProvider);
  const users = ctx.state.clusters.filter(
    ({ status, capacityProviders }) => status === 'ACTIVE' && capacityProviders.includes(provider.name),
  );
  if (users.length > 0) throw resourceInUse('The specified capacity provider is in use and cannot be removed.');
  provider.status = 'DEPROVISIONING';
  provider.updateStatus = 'DELETE_IN_PROGRESS';
  ctx.scope.timers.after(ctx.durations.attachments, () => {
    provider.status = 'INACTIVE';
    provider.updateStatus = 'DELETE_COMPLETE';
  });
  return { capacityProvider: providerView(provider, true) };
}

export function describeCapacityProviders(ctx: EcsContext, input: DescribeCapacityProvidersRequest): object {
  const tags = input.include?.includes('TAGS') ?? false;
  const failures: Failure[] = [];
  const all: CapacityProviderRecord[] = [];
  for (const reference of input.capacityProviders ?? [...ctx.state.capacityProviders.keys()]) {
    const provider = findProvider(ctx, reference);
    if (provider) all.push(provider);
    else failures.push({ arn: reference, reason: 'MISSING' });
  }
  const maxResults = pageSize(input.maxResults, { usual: 100, most: 100 });
  const page = pageOf({ all, keyOf: ({ arn }) => arn, maxResults, nextToken: input.nextToken });
  return {
    capacityProviders: page.items.map((provider) => providerView(provider, tags)),
    failures,
    nextToken: page.nextToken,
  };
}

/** A provider of one's own that is ACTIVE. @throws AwsError for the built-in ones and for what is not there. */
function ownProvider(ctx: EcsContext, reference: string): CapacityProviderRecord {
  const provider = findProvider(ctx, reference);
  if (provider?.status !== 'ACTIVE') {
    throw clientError('The specified capacity provider does not exist. Specify a valid name or ARN and try again.');
  }
  if (provider.type === 'FARGATE' || provider.type === 'FARGATE_SPOT') {
    throw clientError(`The capacity provider ${provider.name} is managed by AWS and cannot be changed.`);
  }
  return provider;
}

function scalingDefaults(given: AutoScalingGroupProvider): AutoScalingGroupProvider {
  return {
    managedTerminationProtection: 'DISABLED',
    managedDraining: 'ENABLED',
    ...given,
    managedScaling: {
      status: 'DISABLED',
      targetCapacity: 100,
      minimumScalingStepSize: 1,
      maximumScalingStepSize: 10_000,
      instanceWarmupPeriod: 300,
      ...given.managedScaling,
    },
  };
}

function providerView(provider: CapacityProviderRecord, tags: boolean): CapacityProvider {
  const { autoScalingGroupProvider, managedInstancesProvider, updateStatus } = provider;
  return {
    capacityProviderArn: provider.arn,
    name: provider.name,
    ...(provider.cluster === undefined ? {} : { cluster: provider.cluster }),
    status: provider.status,
    ...(autoScalingGroupProvider ? { autoScalingGroupProvider } : {}),
    ...(managedInstancesProvider ? { managedInstancesProvider } : {}),
    // One of AWS's values, as the functions above set it.
    ...(updateStatus === undefined ? {} : { updateStatus: updateStatus as CapacityProvider['updateStatus'] }),
    tags: tags ? [...provider.tags] : [],
    type: provider.type,
  };
}
