import { expect, test } from 'vitest';
import { fargateTask, type Loose, Stage } from './testing.ts';

/** A service with the given strategy, whose second revision has just been asked for. */
function updated(deploymentConfiguration: object): Stage {
  const stage = new Stage();
  stage.register();
  stage.create({ deploymentConfiguration });
  stage.untilDeployed();
  stage.register(fargateTask('nginx:2'));
  stage.update({ taskDefinition: 'web' });
  return stage;
}

/** Every stage and weight that it goes through, with the seconds since the start at which each began. */
function watch(stage: Stage): { stage: string; weight: number; at: number; blue: number }[] {
  const seen: { stage: string; weight: number; at: number; blue: number }[] = [];
  for (let at = 0; at < 7200; at++) {
    const [current] = stage.serviceDeployments();
    if (current.finishedAt) return seen;
    const weight = current.targetServiceRevision.requestedProductionTrafficWeight;
    const last = seen.at(-1);
    const blue = stage.service().deployments.find(({ status }: Loose) => status === 'ACTIVE')?.runningCount ?? 0;
    if (last?.stage !== current.lifecycleStage || last?.weight !== weight) {
      seen.push({ stage: current.lifecycleStage, weight, at, blue });
    }
    stage.clock.advance(1000);
  }
  return expect.fail(`did not end: ${JSON.stringify(seen)}`);
}

test('a blue/green deployment goes through its stages, bakes, and only then lets the former tasks go', () => {
  const stage = updated({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 });
  const seen = watch(stage);
  expect(seen.map((step) => step.stage)).toEqual([
    'RECONCILE_SERVICE',
    'PRE_SCALE_UP',
    'SCALE_UP',
    'POST_SCALE_UP',
    'TEST_TRAFFIC_SHIFT',
    'POST_TEST_TRAFFIC_SHIFT',
    'PRODUCTION_TRAFFIC_SHIFT',
    'POST_PRODUCTION_TRAFFIC_SHIFT',
    'BAKE_TIME',
    'CLEAN_UP',
  ]);
  expect(seen.slice(0, -1).every(({ blue }) => blue === 2)).toBe(true);
  const bake = seen.findIndex((step) => step.stage === 'BAKE_TIME');
  expect((seen[bake + 1]?.at ?? 0) - (seen[bake]?.at ?? 0)).toBe(300);
  expect(stage.serviceDeployments()[0]).toMatchObject({ status: 'SUCCESSFUL' });
  expect(stage.service().deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 2 }]);
});

test('a canary shifts a part of the traffic first, then the rest', () => {
  const canaryConfiguration = { canaryPercent: 12.5, canaryBakeTimeInMinutes: 2 };
  const stage = updated({ strategy: 'CANARY', canaryConfiguration, bakeTimeInMinutes: 0 });
  const shifts = watch(stage).filter((step) => step.stage === 'PRODUCTION_TRAFFIC_SHIFT');
  expect(shifts.map(({ weight }) => weight)).toEqual([12.5, 100]);
  expect((shifts[1]?.at ?? 0) - (shifts[0]?.at ?? 0)).toBe(120);
});

test('what belongs to a strategy goes when the service goes over to another', () => {
  const stage = updated({ strategy: 'CANARY', canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 2 } });
  stage.update({ deploymentConfiguration: { strategy: 'ROLLING' } });
  expect(stage.service().deploymentConfiguration.strategy).toBe('ROLLING');
  expect(stage.service().deploymentConfiguration.canaryConfiguration).toBeUndefined();
});

test('a linear deployment shifts the traffic step by step', () => {
  const linearConfiguration = { stepPercent: 30, stepBakeTimeInMinutes: 1 };
  const stage = updated({ strategy: 'LINEAR', linearConfiguration, bakeTimeInMinutes: 0 });
  const shifts = watch(stage).filter((step) => step.stage === 'PRODUCTION_TRAFFIC_SHIFT');
  expect(shifts.map(({ weight }) => weight)).toEqual([30, 60, 90, 100]);
});

test('the first deployment of a service has nothing to shift from, so it has no stages', () => {
  const stage = new Stage();
  stage.register();
  stage.create({ deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 } });
  stage.untilDeployed();
  expect(stage.serviceDeployments()[0].status).toBe('SUCCESSFUL');
});

test('a staged deployment that is stopped goes back to the former revision, whose tasks never stopped', () => {
  const stage = updated({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 60 });
  const blue = stage.tasks().map(({ taskArn }) => taskArn);
  stage.until('it bakes', () => stage.serviceDeployments()[0].lifecycleStage === 'BAKE_TIME');
  const [{ serviceDeploymentArn }] = stage.serviceDeployments();
  stage.call('StopServiceDeployment', { serviceDeploymentArn });
  stage.untilDeployed();
  expect(stage.tasks().map(({ taskArn }) => taskArn)).toEqual(blue);
  expect(stage.serviceDeployments()[0].status).toBe('ROLLBACK_SUCCESSFUL');
});
