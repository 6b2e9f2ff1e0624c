import type { Kind } from '../../reconcile/kind.ts';
import { tagsOf } from '../tags.ts';
import { actOnService } from './act.ts';
import { planServiceDeletion } from './deletion.ts';
import { describeAction } from './describe.ts';
import { desiredService } from './desired.ts';
import { observeBesidesService, observeService } from './observe.ts';
import { onceOnly } from './once.ts';
import { planService } from './plan.ts';
import { referencesOf } from './references.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import { reportService } from './status.ts';
import type { EcsServiceAction, EcsServiceDesired, EcsServiceObserved } from './types.ts';

/** Services: their deployments, their count, their Cloud Map registration. */
export const ecsService: Kind<
  EcsServiceSpec,
  EcsServiceStatus,
  EcsServiceDesired,
  EcsServiceObserved,
  EcsServiceAction
> = {
  name: 'EcsService',
  type: {
    group: 'ecs-operator.dev',
    version: 'v1alpha1',
    kind: 'EcsService',
    plural: 'ecsservices',
    namespaced: true,
  },
  conditionTypes: ['RolledOut', 'Available'],
  followsDependents: false,
  explicitName: ({ serviceName }) => (typeof serviceName === 'string' && serviceName !== '' ? serviceName : undefined),
  references: referencesOf,
  desired: desiredService,
  observe: observeService,
  observeBesides: observeBesidesService,
  plan: planService,
  planDeletion: ({ observed }) => planServiceDeletion(observed),
  isDestructive: ({ type }) => type === 'DeleteService' || type === 'DeregisterTaskDefinition',
  once: onceOnly,
  describe: describeAction,
  act: actOnService,
  async writeTags({ arn }, tags, aws) {
    await aws.call('ecs.TagResource', { resourceArn: arn, tags: tagsOf(tags) });
  },
  report: reportService,
};
