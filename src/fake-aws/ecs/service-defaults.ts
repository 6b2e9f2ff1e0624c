import type {
  DeploymentConfiguration,
  NetworkConfiguration,
  PlacementStrategy,
  SchedulingStrategy,
} from '@aws-sdk/client-ecs';

/**
 * A deployment configuration as AWS keeps it. Members that an update leaves out stay as they are.
 * @param former what the service has; undefined at its creation.
 */
export function deploymentConfiguration(options: {
  readonly given: DeploymentConfiguration | undefined;
  readonly former: DeploymentConfiguration | undefined;
  readonly scheduling: SchedulingStrategy;
}): DeploymentConfiguration {
  const { given, former, scheduling } = options;
  const daemon = scheduling === 'DAEMON';
  const merged: DeploymentConfiguration = {
    maximumPercent: daemon ? 100 : 200,
    minimumHealthyPercent: daemon ? 0 : 100,
    strategy: 'ROLLING',
    bakeTimeInMinutes: 0,
    ...(former && keptSettings(former, given)),
    ...given,
  };
  const breaker = merged.deploymentCircuitBreaker;
  return {
    ...merged,
    deploymentCircuitBreaker: {
      enable: false,
      rollback: false,
      ...breaker,
      resetOnHealthyTask: breaker?.resetOnHealthyTask ?? true,
      thresholdConfiguration: breaker?.thresholdConfiguration ?? { type: 'BOUNDED_PERCENT', value: 50 },
    },
    alarms: merged.alarms ?? { alarmNames: [], rollback: false, enable: false },
  };
}

/**
 * What stays of the former settings. Those of a strategy go with it: AWS has no way to clear them, and refuses them
 * under another. (AWS's reference is silent on it; without that no service could ever leave a canary strategy.)
 */
function keptSettings(former: DeploymentConfiguration, given: DeploymentConfiguration = {}): DeploymentConfiguration {
  if (given.strategy === undefined || given.strategy === former.strategy) return former;
  const { canaryConfiguration: _canary, linearConfiguration: _linear, bakeTimeInMinutes: _bake, ...kept } = former;
  return kept;
}

/** A network configuration as AWS keeps it. */
export function networkDefaults(given: NetworkConfiguration | undefined): NetworkConfiguration | undefined {
  const awsvpc = given?.awsvpcConfiguration;
  if (!awsvpc) return undefined;
  return { awsvpcConfiguration: { securityGroups: [], assignPublicIp: 'DISABLED', ...awsvpc } };
}

/** Placement strategies as AWS keeps them: `host` is `instanceId`, CPU and MEMORY are written large. */
export function placementDefaults(given: readonly PlacementStrategy[]): PlacementStrategy[] {
  return given.map((strategy) => {
    const { field } = strategy;
    if (field === undefined) return strategy;
    if (field === 'host') return { ...strategy, field: 'instanceId' };
    return /^(cpu|memory)$/i.test(field) ? { ...strategy, field: field.toUpperCase() } : strategy;
  });
}
