import type { Service } from '@aws-sdk/client-ecs';
import { planService } from './plan.ts';
import {
  confirmedStatus,
  type References,
  sampleInput,
  sampleObject,
  sampleObserved,
  sampleService,
} from './sample-service.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import type { EcsServiceAction } from './types.ts';

export const BALANCER = { targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 };

/** The plan for a spec, of which AWS held `before` (confirmed), over what is live now. */
export function planOf(
  spec: EcsServiceSpec,
  live: Partial<Service> = {},
  options: { before?: EcsServiceSpec; status?: EcsServiceStatus; references?: References } = {},
) {
  const status = options.status ?? confirmedStatus(options.before ?? {});
  const object = sampleObject(spec, status);
  const observed = sampleObserved(sampleService(live));
  const applied = Object.keys(status.applied?.leaves ?? {});
  const input = sampleInput(
    object,
    observed,
    options.references === undefined ? {} : { references: options.references },
  );
  const unset = applied.filter((path) => !(path in input.desired.leaves));
  return planService({ ...input, unset });
}

/** What the plan asks of UpdateService. */
export function updates(actions: readonly EcsServiceAction[]) {
  return actions.flatMap((action) => (action.type === 'UpdateService' ? [action.request] : []));
}
