import type { JsonObject } from '../../shape/shape.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { asText, inside } from '../schema/values.ts';

const WHOLE = /^[0-9]{1,9}$/;

/** A number of deploymentConfiguration; undefined when it is not declared. */
function percent(self: JsonObject, member: string): number | undefined {
  const text = asText(inside(self, 'deploymentConfiguration'), member);
  return WHOLE.test(text) ? Number(text) : undefined;
}

const celPercent = (member: string, holds: string) =>
  `!has(self.deploymentConfiguration) || !has(self.deploymentConfiguration.${member}) || !string(self.deploymentConfiguration.${member}).matches('${WHOLE.source}') || ${holds}`;
const celNumber = (member: string) => `int(string(self.deploymentConfiguration.${member}))`;

const rebalances = (self: JsonObject) => self.availabilityZoneRebalancing === 'ENABLED';
const celRebalances = "(has(self.availabilityZoneRebalancing) && self.availabilityZoneRebalancing == 'ENABLED')";

/** Somebody else replaces the tasks, who does not look at percentages. */
const celHandedOver =
  "(has(self.deploymentController) && has(self.deploymentController.type) && self.deploymentController.type in ['CODE_DEPLOY', 'EXTERNAL'])";

/** What AWS asks about deployments. */
export const deploymentRules: readonly Rule[] = [
  {
    id: 'minimum-healthy-percent-in-range',
    at: 'spec',
    fieldPath: '.deploymentConfiguration.minimumHealthyPercent',
    cel: celPercent('minimumHealthyPercent', `${celNumber('minimumHealthyPercent')} <= 100`),
    message: 'minimumHealthyPercent is a share of desiredCount: 0 to 100',
    holds: (self) => (percent(self, 'minimumHealthyPercent') ?? 0) <= 100,
  },
  {
    id: 'percents-leave-room',
    at: 'spec',
    fieldPath: '.deploymentConfiguration',
    cel: `${celHandedOver} || ${celPercent('minimumHealthyPercent', celPercent('maximumPercent', `${celNumber('maximumPercent')} == 0 || ${celNumber('maximumPercent')} > ${celNumber('minimumHealthyPercent')}`))}`,
    message:
      'no task could ever be replaced: maximumPercent has to be above minimumHealthyPercent, e.g. 200 and 100, or 100 and 50',
    holds: (self) => {
      const [least, most] = [percent(self, 'minimumHealthyPercent'), percent(self, 'maximumPercent')];
      if (['CODE_DEPLOY', 'EXTERNAL'].includes(asText(inside(self, 'deploymentController'), 'type'))) return true;
      return least === undefined || most === undefined || most === 0 || most > least;
    },
  },
  {
    id: 'rebalancing-needs-replicas',
    at: 'spec',
    fieldPath: '.availabilityZoneRebalancing',
    cel: `!${celRebalances} || !((has(self.schedulingStrategy) && self.schedulingStrategy == 'DAEMON') || (has(self.deploymentController) && has(self.deploymentController.type) && self.deploymentController.type == 'EXTERNAL'))`,
    message:
      'availabilityZoneRebalancing does not go with schedulingStrategy DAEMON or deploymentController EXTERNAL: leave it out',
    holds: (self) =>
      !rebalances(self) ||
      (self.schedulingStrategy !== 'DAEMON' && asText(inside(self, 'deploymentController'), 'type') !== 'EXTERNAL'),
  },
  {
    id: 'rebalancing-needs-room',
    at: 'spec',
    fieldPath: '.deploymentConfiguration',
    cel: `!${celRebalances} || ${celPercent('maximumPercent', `${celNumber('maximumPercent')} == 0 || ${celNumber('maximumPercent')} > 100`)}`,
    message:
      'availabilityZoneRebalancing needs maximumPercent above 100: tasks are started in one zone before they stop in another',
    holds: (self) => {
      const most = percent(self, 'maximumPercent');
      return !rebalances(self) || most === undefined || most === 0 || most > 100;
    },
  },
  {
    id: 'platform-version-is-fargate',
    at: 'spec',
    fieldPath: '.platformVersion',
    cel: "!has(self.platformVersion) || self.platformVersion == '' || !has(self.launchType) || !(self.launchType in ['EC2', 'EXTERNAL'])",
    message: 'platformVersion belongs to Fargate: leave it out with launchType EC2 and EXTERNAL',
    holds: (self) =>
      asText(self, 'platformVersion') === '' || !['EC2', 'EXTERNAL'].includes(asText(self, 'launchType')),
  },
];
