import { expect, test } from 'vitest';
import { ownControlPlane } from '../../harness/control-plane.ts';
import { World } from '../../harness/world.ts';
import { healthOf } from '../argo-vm.ts';
import { CUSTOMIZED } from '../customizations.ts';
import { LuaSandbox } from '../lua-sandbox.ts';
import * as states from './states.ts';
import {
  committed,
  conditionsOf,
  messageOf,
  type State,
  UPDATE,
  writeActionTest,
  writeHealthTest,
  writeState,
} from './testdata.ts';

test('an object in each state has the health in Argo CD that the committed testdata of that state has', async () => {
  // AwsAccounts are nobody's namespace's: other tests' operators must not look at these.
  await using cluster = await ownControlPlane();
  const account = 'production';
  await using world = await World.start({
    cluster,
    operator: false,
    namespace: { annotations: { 'ecs-operator.dev/account': account } },
    settings: { resyncMs: 1_000 },
  });
  const lua = await LuaSandbox.create();
  const kept: State[] = [];
  const stage: states.Stage = {
    world,
    account,
    keep: async (state) => {
      kept.push(state);
      if (UPDATE) await writeState(world, state);
      const where = `${state.kind} ${state.file}`;
      const health = { status: state.health, message: messageOf(state, state.live) };
      expect(healthOf(lua, state.kind, state.live), where).toEqual(health);
      // What is written here is what the tests of the scripts read: it must not grow old.
      expect(conditionsOf(state.live), where).toEqual(conditionsOf(committed(state)));
    },
  };

  await states.asApplied(stage);
  const first = await world.startOperator();
  await states.wellDone(stage);
  await states.rollingOut(stage);
  await states.rolledBack(stage);
  await states.refused(stage);
  await states.waiting(stage);
  await states.paused(stage);
  await states.drifted(stage);
  await first.stop();
  await states.stale(stage);
  await world.startOperator();
  await states.deleting(stage);
  lua.close();

  const kinds = [...new Set(kept.map(({ kind }) => kind))].sort();
  expect(kinds).toEqual(CUSTOMIZED);
  if (!UPDATE) return;
  for (const kind of kinds) {
    writeHealthTest(
      kind,
      kept.filter((state) => state.kind === kind),
    );
    writeActionTest(kind);
  }
}, 300_000);
