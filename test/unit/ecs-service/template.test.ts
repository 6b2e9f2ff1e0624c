import { expect, test } from 'vitest';
import type { EcsServiceSpec } from '../../../src/kinds/ecs-service/schema.ts';
import { OneService } from './one-service.ts';
import { FARGATE, running, taskDefinition } from './scenes.ts';

const { taskDefinition: _named, ...REST } = FARGATE;

function templated(image: string, more: object = {}): EcsServiceSpec {
  const { family: _family, ...template } = taskDefinition(image);
  return { ...REST, taskDefinitionTemplate: { ...template, ...more } };
}

function revisions(web: OneService): string[] {
  const { taskDefinitionArns } = web.aws('ListTaskDefinitions', { familyPrefix: 'web', status: 'ACTIVE' });
  return taskDefinitionArns.map((arn: string) => arn.slice(arn.indexOf('/') + 1));
}

test('an inline template is registered once, and the service runs it', async () => {
  const web = new OneService();
  web.apply(templated('nginx:1'));
  await web.converge();
  expect(web.wrote()).toEqual(['RegisterTaskDefinition', 'CreateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  expect(web.status.taskDefinitionArn).toMatch(/web:1$/);
  web.forget();
  web.restart();
  await web.converge();
  expect([...web.wrote(), web.kubeWrites]).toEqual([0]);
});

test('an image and a target group changed in one apply are one revision and exactly one update', async () => {
  const web = await running(templated('nginx:1'), new OneService());
  const targetGroupArn = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef';
  web.apply({ ...templated('nginx:2'), loadBalancers: [{ targetGroupArn, containerName: 'web', containerPort: 80 }] });
  await web.reconcile();
  expect(web.condition('Ready')).toMatchObject({ status: 'False' });
  await web.converge();
  expect(web.wrote()).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

test('going back takes the old revision again', async () => {
  const web = await running(templated('nginx:1'), new OneService());
  web.apply(templated('nginx:2'));
  await web.converge();
  web.forget();
  web.apply(templated('nginx:1'));
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  expect(web.live().taskDefinition).toMatch(/web:1$/);
});

test('a lost answer to the registration makes no second revision', async () => {
  const web = new OneService();
  web.fault = (operation) => (operation === 'RegisterTaskDefinition' ? 'after' : undefined);
  web.apply(templated('nginx:1'));
  await web.reconcile();
  web.fault = undefined;
  web.restart();
  await web.converge();
  expect(revisions(web)).toEqual(['web:1']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

test('only as many old revisions are kept as the spec says, and none that still runs is touched', async () => {
  const limit = { revisionHistoryLimit: 2 };
  const web = await running({ ...templated('nginx:1'), ...limit }, new OneService());
  for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
    web.apply({ ...templated(image), ...limit });
    await web.converge();
    expect(web.condition('Ready')).toMatchObject({ status: 'True' });
  }
  expect(revisions(web)).toEqual(['web:3', 'web:4']);
});

test('a changed tag of the template is written on its revision, without a new one', async () => {
  const web = await running(templated('nginx:1', { tags: [{ key: 'team', value: 'a' }] }), new OneService());
  web.apply(templated('nginx:1', { tags: [{ key: 'team', value: 'b' }] }));
  await web.converge();
  expect(web.wrote()).toEqual(['TagResource']);
  expect(web.condition('Ready')).toMatchObject({ status: 'True' });
});

test('deleting the object takes its revisions with it, after the service is gone', async () => {
  const web = await running(templated('nginx:1'), new OneService());
  web.apply(templated('nginx:2'));
  await web.converge();
  web.forget();
  web.delete();
  await web.converge();
  expect(web.gone).toBe(true);
  expect(web.wrote()).toEqual(['DeleteService', 'DeregisterTaskDefinition', 'DeregisterTaskDefinition']);
  expect(revisions(web)).toEqual([]);
});

test('a template that takes the place of a name is one update, and the other way round', async () => {
  const web = await running();
  web.apply(templated('nginx:9'));
  await web.converge();
  expect(web.wrote()).toEqual(['RegisterTaskDefinition', 'UpdateService']);
  expect(web.live().taskDefinition).toMatch(/web:4$/);
  web.forget();
  web.apply(FARGATE);
  await web.converge();
  expect(web.wrote()).toEqual(['UpdateService']);
  web.delete();
  await web.converge();
  expect(web.gone).toBe(true);
  expect(revisions(web)).toEqual(['web:1', 'web:2', 'web:3']);
});

test('a service that somebody deletes right before we do takes its revisions along all the same', async () => {
  const web = await running(templated('nginx:1'), new OneService());
  let isFirst = true;
  web.fault = (operation) => {
    if (operation === 'DeleteService' && isFirst) {
      isFirst = false;
      web.aws('DeleteService', { cluster: 'default', service: 'web', force: true });
      web.clock.advance(600_000);
    }
    return undefined;
  };
  web.delete();
  await web.converge();
  expect(web.gone).toBe(true);
  expect(revisions(web)).toEqual([]);
});

test.each([
  { what: 'its own revision goes', runs: 'theirs:1', left: [] },
  { what: 'its own revision stays where that service runs it', runs: 'web:1', left: ['web:1'] },
])(
  'when somebody made the service right before we did, it stays when our object goes; $what',
  async ({ runs, left }) => {
    const web = new OneService((call) =>
      call('RegisterTaskDefinition', { ...taskDefinition('nginx:1'), family: 'theirs' }),
    );
    web.fault = (operation) => {
      if (operation !== 'CreateService') return undefined;
      web.fault = undefined;
      const service = { ...FARGATE, taskDefinition: runs, desiredCount: 1 };
      web.aws('CreateService', { cluster: 'default', serviceName: 'web', ...service });
      return undefined;
    };
    web.apply(templated('nginx:1'));
    await web.converge();
    expect(web.condition('Stalled')).toMatchObject({ reason: 'NotOwned' });
    expect(revisions(web)).toEqual(['web:1']);
    web.delete();
    await web.converge();
    expect(web.gone).toBe(true);
    expect(revisions(web)).toEqual(left);
    expect(web.live().status).toBe('ACTIVE');
  },
);
