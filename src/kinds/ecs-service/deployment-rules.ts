import type { JsonObject } from '../../shape/shape.ts';
import { celText } from '../schema/cel.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { asText, inside } from '../schema/values.ts';

const WHOLE = /^[0-9]{1,9}$/;

/** A number of deploymentConfiguration; undefined when it is not declared. */
function percent(self: JsonObject, member: string): number | undefined {
  return wholeOf(asText(inside(self, 'deploymentConfiguration'), member));
}

function wholeOf(text: string): number | undefined {
  return WHOLE.test(text) ? Number(text) : undefined;
}

const celPercent = (of: string, member: string, holds: string) =>
  `!has(${of}.${member}) || !string(${of}.${member}).matches('${WHOLE.source}') || ${holds}`;
const celNumber = (of: string, member: string) => `int(string(${of}.${member}))`;
/** The structure, where a rule needs other members of the spec too. */
const CONFIGURATION = 'self.deploymentConfiguration';
const celConfiguration = (holds: string) => `!has(${CONFIGURATION}) || ${holds}`;
/**
 * True where both are numbers and leave room, as nearly always. The structure is bound to `d` since each access to a
 * member of the spec is dear. An error (one of them is absent) gives way to what is true on the other side of `||`.
 */
const celRoom = `[${CONFIGURATION}].all(d, int(d.maximumPercent) > int(d.minimumHealthyPercent))`;

const rebalances = (self: JsonObject) => self.availabilityZoneRebalancing === 'ENABLED';
const celRebalances = `${celText('availabilityZoneRebalancing')} == 'ENABLED'`;

/** Somebody else replaces the tasks, who does not look at percentages. */
const celHandedOver = `${celText('deploymentController.type')} in ['CODE_DEPLOY', 'EXTERNAL']`;

/** What AWS asks about deployments. */
export const deploymentRules: readonly Rule[] = [
  {
    id: 'minimum-healthy-percent-in-range',
    at: 'spec.deploymentConfiguration',
    fieldPath: '.minimumHealthyPercent',
    cel: celPercent('self', 'minimumHealthyPercent', `${celNumber('self', 'minimumHealthyPercent')} <= 100`),
    message: 'minimumHealthyPercent is a share of desiredCount: 0 to 100',
    holds: (self) => (wholeOf(asText(self, 'minimumHealthyPercent')) ?? 0) <= 100,
  },
  {
    id: 'percents-leave-room',
    at: 'spec',
    fieldPath: '.deploymentConfiguration',
    cel: `${celRoom} || ${celHandedOver} || ${celConfiguration(celPercent(CONFIGURATION, 'minimumHealthyPercent', celPercent(CONFIGURATION, 'maximumPercent', `${celNumber(CONFIGURATION, 'maximumPercent')} == 0 || ${celNumber(CONFIGURATION, 'maximumPercent')} > ${celNumber(CONFIGURATION, 'minimumHealthyPercent')}`)))}`,
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
    cel: `!(${celRebalances} && (${celText('schedulingStrategy')} == 'DAEMON' || ${celText('deploymentController.type')} == 'EXTERNAL'))`,
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
    cel: `!(${celRebalances}) || ${celConfiguration(celPercent(CONFIGURATION, 'maximumPercent', `${celNumber(CONFIGURATION, 'maximumPercent')} == 0 || ${celNumber(CONFIGURATION, 'maximumPercent')} > 100`))}`,
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
    cel: `!(${celText('platformVersion')} != '' && ${celText('launchType')} in ['EC2', 'EXTERNAL'])`,
    message: 'platformVersion belongs to Fargate: leave it out with launchType EC2 and EXTERNAL',
    holds: (self) =>
      asText(self, 'platformVersion') === '' || !['EC2', 'EXTERNAL'].includes(asText(self, 'launchType')),
  },
];
