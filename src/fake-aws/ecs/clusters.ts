import type {
  Cluster,
  ClusterServiceConnectDefaultsRequest,
  ClusterSetting,
  CreateClusterRequest,
  DeleteClusterRequest,
  DescribeClustersRequest,
  Failure,
  ListClustersRequest,
  PutClusterCapacityProvidersRequest,
  UpdateClusterRequest,
  UpdateClusterSettingsRequest,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import { checkTags } from '../core/tags.ts';
import { clusterArn } from './arns.ts';
import type { Checked } from './checked-input.ts';
import { clusterView } from './cluster-view.ts';
import type { EcsContext } from './context.ts';
import { clusterNotFound, invalidParameter, namespaceNotFound, resourceInUse, updateInProgress } from './errors.ts';
import { pageSize } from './page-size.ts';
import { plainTags } from './plain-tags.ts';
import type { ClusterRecord } from './records.ts';
import { checkStrategy, findProvider, normalStrategy } from './strategies.ts';

const shown = ['TAGS', 'SETTINGS', 'CONFIGURATIONS'] as const;

/** A cluster of this name that is ACTIVE already is answered as it stands. */
export function createCluster(ctx: EcsContext, input: CreateClusterRequest): object {
  const name = input.clusterName ?? 'default';
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(name)) {
    throw invalidParameter('Invalid cluster name. Names can have up to 255 letters, numbers, hyphens and underscores.');
  }
  const existing = ctx.state.cluster(name);
  if (existing?.status === 'ACTIVE') return { cluster: clusterView(existing, shown) };
  checkTags(plainTags(input.tags), 'InvalidParameterException');
  const capacityProviders = providerNames(ctx, input.capacityProviders ?? []);
  checkStrategy(ctx, input.defaultCapacityProviderStrategy ?? [], { capacityProviders });
  const cluster: ClusterRecord = {
    name,
    arn: clusterArn(ctx.scope, name),
    status: 'ACTIVE',
    settings: mergedSettings([{ name: 'containerInsights', value: defaultInsights(ctx) }], input.settings ?? []),
    configuration: input.configuration,
    capacityProviders,
    defaultStrategy: normalStrategy(input.defaultCapacityProviderStrategy ?? []),
    serviceConnectDefaults: connectDefaults(ctx, input.serviceConnectDefaults),
    tags: input.tags ?? [],
    services: new Map(),
    tasks: new Map(),
    stopped: [],
    instances: new Map(),
    bounded: false,
    serviceTokens: new Map(),
    runTaskTokens: new Map(),
  };
  ctx.state.putCluster(cluster);
  attach(ctx, cluster);
  return { cluster: clusterView(cluster, shown) };
}

/** What is left out stays as it is. */
export function updateCluster(ctx: EcsContext, input: Checked<UpdateClusterRequest>): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  const settings = mergedSettings(cluster.settings, input.settings ?? []);
  const defaults = input.serviceConnectDefaults;
  const connect = defaults === undefined ? cluster.serviceConnectDefaults : connectDefaults(ctx, defaults);
  cluster.settings = settings;
  cluster.serviceConnectDefaults = connect;
  cluster.configuration = input.configuration ?? cluster.configuration;
  return { cluster: clusterView(cluster, shown) };
}

export function updateClusterSettings(ctx: EcsContext, input: Checked<UpdateClusterSettingsRequest>): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  cluster.settings = mergedSettings(cluster.settings, input.settings);
  return { cluster: clusterView(cluster, shown) };
}

/** Replaces the providers and the default strategy, both. */
export function putClusterCapacityProviders(
  ctx: EcsContext,
  input: Checked<PutClusterCapacityProvidersRequest>,
): object {
  const cluster = ctx.state.activeCluster(input.cluster);
  if (cluster.attachmentsStatus === 'UPDATE_IN_PROGRESS') {
    throw updateInProgress(
      'The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or UPDATE_FAILED state ' +
        'before they can be updated. Wait and try again.',
    );
  }
  const capacityProviders = providerNames(ctx, input.capacityProviders);
  checkStrategy(ctx, input.defaultCapacityProviderStrategy, { capacityProviders });
  const removed = cluster.capacityProviders.filter((name) => !capacityProviders.includes(name));
  for (const service of cluster.services.values()) {
    const used = service.content.capacityProviderStrategy.find(({ capacityProvider = '' }) =>
      removed.includes(capacityProvider),
    );
    if (service.status !== 'INACTIVE' && used) {
      throw resourceInUse('The specified capacity provider is in use and cannot be removed.');
    }
  }
  const before = cluster.capacityProviders;
  cluster.capacityProviders = capacityProviders;
  cluster.defaultStrategy = normalStrategy(input.defaultCapacityProviderStrategy);
  attach(ctx, cluster, before);
  return { cluster: clusterView(cluster, shown) };
}

export function deleteCluster(ctx: EcsContext, input: Checked<DeleteClusterRequest>): object {
  const cluster = ctx.state.cluster(input.cluster);
  if (cluster?.status !== 'ACTIVE') throw clusterNotFound();
  const refuse = (code: string, message: string): never => {
    throw new AwsError({ code, message });
  };
  if ([...cluster.services.values()].some(({ status }) => status !== 'INACTIVE')) {
    refuse('ClusterContainsServicesException', 'The Cluster cannot be deleted while Services are active.');
  }
  if ([...cluster.tasks.values()].some(({ lastStatus }) => lastStatus !== 'STOPPED')) {
    refuse('ClusterContainsTasksException', 'The Cluster cannot be deleted while Tasks are active.');
  }
  if ([...cluster.instances.values()].some(({ implicit }) => !implicit)) {
    refuse(
      'ClusterContainsContainerInstancesException',
      'The Cluster cannot be deleted while Container Instances are active or draining.',
    );
  }
  const own = [...ctx.state.capacityProviders.values()].find((provider) => provider.cluster === cluster.name);
  if (own && own.status === 'ACTIVE') {
    refuse(
      'ClusterContainsCapacityProviderException',
      'The Cluster cannot be deleted while Capacity Providers are active.',
    );
  }
  cluster.status = 'INACTIVE';
  cluster.goneAt = ctx.scope.clock.now();
  cluster.instances.clear();
  return { cluster: clusterView(cluster, shown) };
}

export function describeClusters(ctx: EcsContext, input: DescribeClustersRequest): object {
  const references = input.clusters ?? ['default'];
  if (references.length > 100) throw invalidParameter('A maximum of 100 clusters can be described at once.');
  const clusters: Cluster[] = [];
  const failures: Failure[] = [];
  for (const reference of references) {
    const cluster = ctx.state.cluster(reference);
    if (cluster) clusters.push(clusterView(cluster, input.include ?? []));
    else {
      const arn = reference.startsWith('arn:') ? reference : clusterArn(ctx.scope, reference);
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { clusters, failures };
}

export function listClusters(ctx: EcsContext, input: ListClustersRequest): object {
  const all = ctx.state.clusters.filter(({ status }) => status === 'ACTIVE');
  const maxResults = pageSize(input.maxResults, { usual: 100, most: 100 });
  const page = pageOf({ all, keyOf: ({ arn }) => arn, maxResults, nextToken: input.nextToken });
  return { clusterArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken };
}

function mergedSettings(former: readonly ClusterSetting[], given: readonly ClusterSetting[]): ClusterSetting[] {
  const merged = new Map(former.map((setting) => [setting.name, setting]));
  for (const setting of given) {
    const { name, value = '' } = setting;
    if (name !== 'containerInsights') throw invalidParameter(`Invalid setting name: ${name}`);
    if (!['enabled', 'disabled', 'enhanced'].includes(value)) {
      throw invalidParameter(`Invalid value '${value}' for setting ${name}.`);
    }
    merged.set(name, { name, value });
  }
  return [...merged.values()];
}

function defaultInsights(ctx: EcsContext): string {
  return ctx.state.accountSettings.get('containerInsights') ?? 'disabled';
}

function providerNames(ctx: EcsContext, references: readonly string[]): string[] {
  const names = references.map((reference) => {
    const provider = findProvider(ctx, reference);
    if (provider?.status !== 'ACTIVE') {
      throw invalidParameter(`The specified capacity provider '${reference}' was not found.`);
    }
    return provider.name;
  });
  if (names.length > 20) throw invalidParameter('A cluster can have 20 capacity providers at most.');
  return [...new Set(names)];
}

/**
 * The namespace for Service Connect, kept as its ARN. A name that is not there yet makes an HTTP namespace, an empty one
 * takes the default away (ClusterServiceConnectDefaultsRequest).
 */
function connectDefaults(
  ctx: EcsContext,
  given: ClusterServiceConnectDefaultsRequest | undefined,
): { namespace: string } | undefined {
  const namespace = given?.namespace ?? '';
  if (namespace === '') return undefined;
  const found = ctx.cloudMap.findNamespace(namespace);
  if (found) return { namespace: found.arn };
  if (namespace.startsWith('arn:')) throw namespaceNotFound(namespace);
  return { namespace: ctx.cloudMap.ensureHttpNamespace(namespace).arn };
}

/** Auto Scaling group providers are attached and detached over time; meanwhile the cluster refuses further changes. */
function attach(ctx: EcsContext, cluster: ClusterRecord, before: readonly string[] = []): void {
  const groups = (names: readonly string[]) =>
    names.filter((name) => findProvider(ctx, name)?.type === 'EC2_AUTOSCALING').join();
  if (groups(before) === groups(cluster.capacityProviders)) return;
  cluster.attachmentsStatus = 'UPDATE_IN_PROGRESS';
  ctx.scope.timers.after(ctx.durations.attachments, () => {
    cluster.attachmentsStatus = 'UPDATE_COMPLETE';
  });
}
