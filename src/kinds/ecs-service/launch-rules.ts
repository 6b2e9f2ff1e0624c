import type { JsonObject } from '../../shape/shape.ts';
import { capacityProviderRules } from '../schema/capacity-provider-rules.ts';
import { celText } from '../schema/cel.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { asText, given, inside, items, objects } from '../schema/values.ts';

const hasStrategy = (self: JsonObject | undefined) => items(self, 'capacityProviderStrategy').length > 0;
const usesFargate = (self: JsonObject) =>
  asText(self, 'launchType') === 'FARGATE' ||
  objects(self, 'capacityProviderStrategy').some((item) => FARGATE.includes(asText(item, 'capacityProvider')));
const controller = (self: JsonObject) => asText(inside(self, 'deploymentController'), 'type');
const subnets = (self: JsonObject) =>
  items(inside(inside(self, 'networkConfiguration'), 'awsvpcConfiguration'), 'subnets');

const FARGATE = ['FARGATE', 'FARGATE_SPOT'];

const celStrategy = 'self.?capacityProviderStrategy.orValue([]).size() > 0';
const celLaunch = (side: string) => `${celText('launchType', side)} != ''`;
const celFargate = `(${celText('launchType')} == 'FARGATE' || (has(self.capacityProviderStrategy) && self.capacityProviderStrategy.exists(s, ${celText('capacityProvider', 's')} in ['FARGATE', 'FARGATE_SPOT'])))`;
const celDaemon = `${celText('schedulingStrategy')} == 'DAEMON'`;
const celController = celText('deploymentController.type');
const celReplica = (side: string) => `${celText('schedulingStrategy', side)} in ['', 'REPLICA']`;
/** Each launch type that has gone is followed by capacity providers, and by none other. */
const LAUNCH_TYPE_STAYS =
  'AWS cannot change launchType or take it away: put the former value back, or give a capacityProviderStrategy in its place, e.g. of FARGATE';

/** What AWS asks about where and how often tasks run. */
export const launchRules: readonly Rule[] = [
  {
    id: 'launch-type-or-capacity-providers',
    at: 'spec',
    cel: `!(${celStrategy} && ${celLaunch('self')})`,
    message: 'launchType or capacityProviderStrategy, not both: take one of them out',
    holds: (self) => !(given(self, 'launchType') && hasStrategy(self)),
  },
  {
    id: 'launch-type-stays',
    at: 'spec',
    fieldPath: '.launchType',
    cel: "!has(self.launchType) || !has(oldSelf.launchType) || self.launchType == oldSelf.launchType || self.launchType == '' || oldSelf.launchType == ''",
    message: LAUNCH_TYPE_STAYS,
    holds: (self, old) =>
      !given(self, 'launchType') || !given(old, 'launchType') || self.launchType === old?.launchType,
  },
  {
    id: 'launch-type-has-a-successor',
    at: 'spec',
    fieldPath: '.launchType',
    cel: `${celLaunch('self')} || ${celStrategy} || !(${celLaunch('oldSelf')})`,
    message: LAUNCH_TYPE_STAYS,
    holds: (self, old) => given(self, 'launchType') || hasStrategy(self) || !given(old, 'launchType'),
  },
  {
    id: 'scheduling-strategy-is-fixed',
    at: 'spec',
    fieldPath: '.schedulingStrategy',
    cel: `(${celReplica('self')}) == (${celReplica('oldSelf')})`,
    message:
      'schedulingStrategy cannot be changed (left out, it is REPLICA): put the former value back, or delete this object and make another',
    holds: (self, old) =>
      (asText(self, 'schedulingStrategy') || 'REPLICA') === (asText(old, 'schedulingStrategy') || 'REPLICA'),
  },
  {
    id: 'daemon-has-no-count',
    at: 'spec',
    fieldPath: '.desiredCount',
    cel: `!(${celDaemon} && has(self.desiredCount))`,
    message: 'a DAEMON runs one task on each container instance: leave desiredCount out',
    holds: (self) =>
      self.schedulingStrategy !== 'DAEMON' || self.desiredCount === undefined || self.desiredCount === null,
  },
  {
    id: 'daemon-not-on-fargate',
    at: 'spec',
    fieldPath: '.schedulingStrategy',
    cel: `!(${celDaemon} && ${celFargate})`,
    message:
      'a DAEMON needs container instances, which Fargate does not have: take launchType EC2, or schedulingStrategy REPLICA',
    holds: (self) => self.schedulingStrategy !== 'DAEMON' || !usesFargate(self),
  },
  {
    id: 'daemon-needs-ecs-controller',
    at: 'spec',
    fieldPath: '.schedulingStrategy',
    cel: `!(${celDaemon} && ${celController} in ['CODE_DEPLOY', 'EXTERNAL'])`,
    message: 'a DAEMON is only deployed by deploymentController ECS: leave deploymentController out',
    holds: (self) => self.schedulingStrategy !== 'DAEMON' || !['CODE_DEPLOY', 'EXTERNAL'].includes(controller(self)),
  },
  {
    id: 'daemon-has-no-placement-strategy',
    at: 'spec',
    fieldPath: '.placementStrategy',
    cel: `!(${celDaemon} && self.?placementStrategy.orValue([]).size() > 0)`,
    message: 'a DAEMON runs on each container instance: leave placementStrategy out (placementConstraints are fine)',
    holds: (self) => self.schedulingStrategy !== 'DAEMON' || items(self, 'placementStrategy').length === 0,
  },
  {
    id: 'fargate-needs-subnets',
    at: 'spec',
    fieldPath: '.networkConfiguration',
    cel: `self.?networkConfiguration.?awsvpcConfiguration.?subnets.orValue([]).size() > 0 || !${celFargate} || ${celController} == 'EXTERNAL'`,
    message: 'Fargate needs networkConfiguration.awsvpcConfiguration with at least one subnet',
    holds: (self) => !usesFargate(self) || controller(self) === 'EXTERNAL' || subnets(self).length > 0,
  },
  ...capacityProviderRules('capacityProviderStrategy'),
];
