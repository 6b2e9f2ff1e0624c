import { AwsError } from '../core/aws-error.ts';
import type { CloudMapPort } from '../core/cloud-map-port.ts';
import type { CallContext, FakeService } from '../core/request.ts';
import type { FakeScope } from '../core/scope.ts';
import { addBuiltInProviders } from './capacity-providers.ts';
import type { EcsContext } from './context.ts';
import { EcsControls } from './controls.ts';
import { awsDurations } from './durations.ts';
import { operations } from './operations.ts';
import { capacityChanged, lookAtService, taskChanged } from './scheduler.ts';
import { snapshotOf } from './snapshot.ts';
import { EcsState } from './state.ts';
import { TaskRules } from './task-rules.ts';

/** Amazon ECS in one account and region. */
export class Ecs implements FakeService {
  readonly #ctx: EcsContext;
  /** What acts behind every client's back. */
  readonly controls: EcsControls;

  constructor(options: { readonly scope: FakeScope; readonly cloudMap: CloudMapPort }) {
    const { scope, cloudMap } = options;
    this.#ctx = {
      scope,
      cloudMap,
      state: new EcsState(scope),
      rules: new TaskRules(),
      durations: awsDurations,
      taskChanged: (task, change) => taskChanged(this.#ctx, task, change),
      lookAt: (service) => lookAtService(this.#ctx, service),
      capacityChanged: (cluster) => capacityChanged(this.#ctx, cluster),
    };
    addBuiltInProviders(this.#ctx);
    this.controls = new EcsControls(this.#ctx);
  }

  handle(operation: string, input: unknown, context: CallContext): object {
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (run) return run(this.#ctx, input, context);
    throw new AwsError({
      code: 'UnknownOperationException',
      message: `The operation ${operation} is not known to ecs.`,
    });
  }

  snapshot(): object {
    return snapshotOf(this.#ctx);
  }
}
