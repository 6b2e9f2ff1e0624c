import { SHOP } from './objects.ts';
import type { Scenario } from './scenario.ts';

export const twoOperators: Scenario = {
  name: 'two-operators',
  about: 'of two operators one works at a time, and whatever becomes of it, the other goes on where it stopped',
  operators: 2,
  steps: [{ name: 'everything is applied', act: ({ kube }) => kube.create(...SHOP) }],
  ends: ({ kube, aws }) => {
    kube.expectAllReady();
    const [cluster] = aws.state().ecs.clusters;
    if (cluster?.services.length !== 1) throw new Error('there is not exactly one service');
  },
  faults: [
    'crash-before-request',
    'crash-before-answer',
    'answer-lost',
    'time-out-after',
    'conflict-storm',
    'kube-restart',
    'paused-for-long',
  ],
};
