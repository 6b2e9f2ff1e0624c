import type { CanonicalRules, RewriteContext } from './canonical.ts';
import { sameByShortName, sameNamespace, sameRole, sameTaskDefinitionName } from './names.ts';
import { isObject, type Json } from './shape.ts';

/** How ECS rewrites what it is given (API reference, and what describe calls print). */
export const ecsRules: CanonicalRules = {
  rewrite: {
    'RegisterTaskDefinitionRequest.cpu': (value) => scaled(value, /^\s*(\d*\.?\d+)\s*vcpu\s*$/i, 1024),
    'RegisterTaskDefinitionRequest.memory': (value) => scaled(value, /^\s*(\d*\.?\d+)\s*gb\s*$/i, 1024),
    'RegisterTaskDefinitionRequest.networkMode': (value) => unless(value === 'bridge', value),
    // "Amazon ECS treats any other specified value as tcp" (API reference of PortMapping).
    'PortMapping.protocol': (value) => unless(value !== 'udp', value),
    'PortMapping.hostPort': hostPort,
    'PlacementStrategy.field': placementField,
    'DeploymentConfiguration.maximumPercent': (value, { root }) => unless(isDaemon(root) && value === 100, value),
    'DeploymentConfiguration.minimumHealthyPercent': (value, { root }) =>
      unless(value === (isDaemon(root) ? 0 : 100), value),
    'ClusterSetting.value': (value, { parent }) =>
      unless(parent.name === 'containerInsights' && value === 'disabled', value),
  },
  same: {
    'RegisterTaskDefinitionRequest.taskRoleArn': sameRole,
    'RegisterTaskDefinitionRequest.executionRoleArn': sameRole,
    'CreateServiceRequest.role': sameRole,
    'CreateServiceRequest.cluster': sameByShortName,
    'CreateServiceRequest.taskDefinition': sameTaskDefinitionName,
    'CapacityProviderStrategyItem.capacityProvider': sameByShortName,
    'CreateClusterRequest.capacityProviders': sameByShortName,
    'ServiceConnectConfiguration.namespace': sameNamespace,
    'ClusterServiceConnectDefaultsRequest.namespace': sameNamespace,
  },
};

/** "1 vCPU" → "1024", "0.5 GB" → "512"; AWS keeps the plain number. */
function scaled(value: Json, pattern: RegExp, factor: number): Json {
  const text = String(value);
  const amount = pattern.exec(text)?.[1];
  if (amount !== undefined) return String(Math.round(Number(amount) * factor));
  return text.trim();
}

/** Left out, AWS fills in the container's port (awsvpc, host) or 0, "choose one" (bridge). */
function hostPort(value: Json, { root, parent }: RewriteContext): Json | undefined {
  const filledIn = root.networkMode === 'awsvpc' || root.networkMode === 'host' ? parent.containerPort : 0;
  return unless(value === 0 || value === filledIn, value);
}

/** `host` and `instanceId` are the same; binpack's `cpu` and `memory` come back in capitals. */
function placementField(value: Json): Json {
  const text = String(value);
  if (/^(host|instanceid)$/i.test(text)) return 'instanceId';
  return /^(cpu|memory)$/i.test(text) ? text.toUpperCase() : text;
}

function isDaemon(root: Json): boolean {
  return isObject(root) && root.schedulingStrategy === 'DAEMON';
}

function unless(isDefault: boolean, value: Json): Json | undefined {
  return isDefault ? undefined : value;
}
