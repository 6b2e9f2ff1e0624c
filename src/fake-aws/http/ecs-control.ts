import type { EcsControls, ServicePlace } from '../ecs/controls.ts';
import type { TaskFate } from '../ecs/task-rules.ts';
import type { FakeAws } from '../fake-aws.ts';
import { BadRequest, ControlBody, type ControlHandler, given } from './control-route.ts';
import { clusterPatch, servicePatch, taskDefinitionPatch } from './ecs-patches.ts';

const PLACE = ['accountId', 'region'];
const SERVICE = [...PLACE, 'cluster', 'service'];

type Act = (ecs: EcsControls, body: ControlBody) => unknown;

/** What acts on ECS behind every client's back, over HTTP. */
export function ecsControlRoutes(fake: FakeAws): readonly (readonly [string, ControlHandler])[] {
  const route = (name: string, known: readonly string[], act: Act): readonly [string, ControlHandler] => [
    name,
    ({ json, query }) => {
      const body = new ControlBody(name.startsWith('POST') ? json() : Object.fromEntries(query), known);
      return told(() => act(regionOf(fake, body), body));
    },
  ];
  return [
    route('POST tasks/kill', [...SERVICE, 'count', 'exitCode', 'reason'], (ecs, body) => ({
      killed: ecs.killTasks({
        ...serviceOf(body),
        ...given({
          count: body.optionalNumber('count'),
          exitCode: body.optionalNumber('exitCode'),
          reason: body.optionalText('reason'),
        }),
      }),
    })),
    route('GET tasks/rules', PLACE, (ecs) => ({ rules: ecs.taskRules() })),
    route('POST tasks/rules', [...PLACE, 'match', 'fate'], (ecs, body) => ({ number: addTaskRule(ecs, body) })),
    route('DELETE tasks/rules', [...PLACE, 'number'], (ecs, body) => {
      const number = body.optionalText('number');
      ecs.removeTaskRule(number === undefined ? undefined : Number(number));
    }),
    route('POST hold', SERVICE, (ecs, body) => ecs.hold(serviceOf(body))),
    route('POST release', SERVICE, (ecs, body) => ecs.release(serviceOf(body))),
    route('POST deployments/fail', [...SERVICE, 'reason', 'rollback'], (ecs, body) => {
      const options = { reason: body.optionalText('reason'), rollback: body.optionalBoolean('rollback') };
      ecs.failDeployment({ ...serviceOf(body), ...given(options) });
    }),
    route('POST mutate', [...SERVICE, 'taskDefinition', 'set'], mutate),
    route('POST capacity/fill', [...PLACE, 'cluster', 'reason'], (ecs, body) =>
      ecs.fillCapacity({ cluster: body.text('cluster'), ...given({ reason: body.optionalText('reason') }) }),
    ),
    route('POST capacity/free', [...PLACE, 'cluster'], (ecs, body) =>
      ecs.freeCapacity({ cluster: body.text('cluster') }),
    ),
    route('POST instances', [...PLACE, 'cluster', 'count', 'cpu', 'memory'], (ecs, body) => ({
      arns: ecs.addContainerInstances({
        cluster: body.text('cluster'),
        count: body.number('count'),
        ...given({ cpu: body.optionalNumber('cpu'), memory: body.optionalNumber('memory') }),
      }),
    })),
    route('POST instances/remove', [...PLACE, 'cluster', 'arns'], (ecs, body) =>
      ecs.removeContainerInstances({ cluster: body.text('cluster'), ...given({ arns: body.optionalTexts('arns') }) }),
    ),
    route('POST target-groups/detach', [...PLACE, 'arn'], (ecs, body) => ecs.detachTargetGroup(body.text('arn'))),
    route('POST target-groups/attach', [...PLACE, 'arn'], (ecs, body) => ecs.attachTargetGroup(body.text('arn'))),
  ];
}

/** Where the body says; else the only account and region that the fake was called in; else the fake's own. */
function regionOf(fake: FakeAws, body: ControlBody): EcsControls {
  const place = given({ accountId: body.optionalText('accountId'), region: body.optionalText('region') });
  const [only, ...others] = Object.keys(fake.snapshot());
  if (Object.keys(place).length > 0 || only === undefined || others.length > 0) return fake.region(place).ecs;
  const [accountId = '', region = ''] = only.split('/');
  return fake.region({ accountId, region }).ecs;
}

function serviceOf(body: ControlBody): ServicePlace {
  return { cluster: body.text('cluster'), service: body.text('service') };
}

function mutate(ecs: EcsControls, body: ControlBody): void {
  const set = body.object('set');
  if (body.has('taskDefinition')) ecs.patchTaskDefinition(body.text('taskDefinition'), taskDefinitionPatch(set));
  else if (body.has('service')) ecs.patchService(serviceOf(body), servicePatch(set));
  else ecs.patchCluster(body.text('cluster'), clusterPatch(set));
}

function addTaskRule(ecs: EcsControls, body: ControlBody): number {
  const names = ['image', 'family', 'cluster', 'service'] as const;
  const match = new ControlBody(body.object('match'), names);
  const fate = new ControlBody(body.object('fate'), ['kind', 'reason', 'exitCode', 'afterMs']);
  const [image, family, cluster, service] = names.map((name) => match.optionalText(name));
  return ecs.addTaskRule({ match: given({ image, family, cluster, service }), fate: fateOf(fate) });
}

function fateOf(fate: ControlBody): TaskFate {
  const kind = fate.text('kind');
  const reason = given({ reason: fate.optionalText('reason') });
  switch (kind) {
    case 'start-failure':
      return { kind, ...reason };
    case 'exit':
      return {
        kind,
        exitCode: fate.number('exitCode'),
        ...given({ afterMs: fate.optionalNumber('afterMs') }),
        ...reason,
      };
    case 'unhealthy':
    case 'hang':
      return { kind };
    default:
      throw new BadRequest(`kind must be start-failure, exit, unhealthy or hang, not ${kind}`);
  }
}

/** The controls throw plain Errors that say what is not there. */
function told(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && (error.constructor === Error || error instanceof SyntaxError)) {
      throw new BadRequest(error.message);
    }
    throw error;
  }
}
