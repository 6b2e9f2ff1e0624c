import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EcsServiceSpec } from '../../../src/kinds/ecs-service/schema.ts';
import { OneService } from './one-service.ts';
import { FARGATE, taskDefinition } from './scenes.ts';

const { taskDefinition: _named, ...REST } = FARGATE;

/** What a person applies, one after another; `roll` tells what makes another rollout. */
interface Version {
  readonly image: number;
  readonly count: number;
  readonly exec: boolean;
  readonly tag: string;
  readonly restarted: number;
}

function specOf({ image, count, exec, tag, restarted }: Version): EcsServiceSpec {
  const { family: _family, ...template } = taskDefinition(`nginx:${image}`);
  return {
    ...REST,
    taskDefinitionTemplate: template,
    desiredCount: count,
    ...(exec ? { enableECSManagedTags: true } : {}),
    ...(tag === '' ? {} : { tags: [{ key: 'team', value: tag }] }),
    ...(restarted === 0 ? {} : { restartedAt: `2026-01-02T03:04:0${restarted}Z` }),
  };
}

const version: fc.Arbitrary<Version> = fc.record({
  image: fc.integer({ min: 1, max: 3 }),
  count: fc.integer({ min: 1, max: 3 }),
  exec: fc.boolean(),
  tag: fc.constantFrom('', 'a', 'b'),
  restarted: fc.integer({ min: 0, max: 2 }),
});

const fault = fc.constantFrom<'before' | 'after' | undefined>('before', 'after', undefined);
const step = fc.record({ version, faults: fc.array(fault, { maxLength: 3 }), restart: fc.boolean() });

/** What starts a rollout when it changes. */
function rolls(before: Version | undefined, after: Version): boolean {
  if (before === undefined) return true;
  return before.image !== after.image || (after.restarted !== 0 && before.restarted !== after.restarted);
}

test('whatever call fails before or after its effect, and whenever the operator dies, AWS ends as it was asked, with nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const web = new OneService();
      let before: Version | undefined;
      let rollouts = 0;
      for (const { version: wanted, faults, restart } of steps) {
        const left = [...faults];
        web.fault = () => left.shift();
        web.apply(specOf(wanted));
        await web.reconcile();
        if (restart) web.restart();
        await web.converge();
        if (rolls(before, wanted)) rollouts++;
        before = wanted;
        expect(web.condition('Ready'), JSON.stringify(web.status.conditions)).toMatchObject({ status: 'True' });
        const live = web.live();
        expect(live).toMatchObject({ desiredCount: wanted.count, enableECSManagedTags: wanted.exec });
        const team = live.tags.find(({ key }: { key: string }) => key === 'team');
        expect(team?.value ?? '').toBe(wanted.tag);
        const { taskDefinition: running } = web.aws('DescribeTaskDefinition', { taskDefinition: live.taskDefinition });
        expect(running.containerDefinitions[0].image).toBe(`nginx:${wanted.image}`);
      }
      const { taskDefinitionArns } = web.aws('ListTaskDefinitions', { status: 'ACTIVE' });
      expect(taskDefinitionArns).toHaveLength(new Set(steps.map((one) => one.version.image)).size);
      const { serviceDeployments } = web.aws('ListServiceDeployments', { service: 'web' });
      expect(serviceDeployments).toHaveLength(rollouts);

      web.forget();
      web.restart();
      await web.converge();
      expect([...web.wrote(), web.kubeWrites]).toEqual([0]);
    }),
    { numRuns: 60, seed: 1 },
  );
});
