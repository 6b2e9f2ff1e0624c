import { expect, test } from 'vitest';
import { newEvents } from './events.ts';

const event = (id: string, message: string) => ({ id, message: `(service web) ${message}` });
const STEADY = 'has reached a steady state.';

test('new events are told oldest first, and the newest is remembered', () => {
  const events = [
    event('3', 'has stopped 1 running tasks: (task c).'),
    event('2', 'has started 1 tasks: (task b).'),
    event('1', 'x'),
  ];
  const { notes, lastEventId } = newEvents(events, '1', { adopted: false });
  expect(notes.map(({ reason }) => reason)).toEqual(['TasksStarted', 'TasksStopped']);
  expect(lastEventId).toBe('3');
});

test('a steady state that AWS repeats changes nothing, so that nothing has to be written', () => {
  const before = [event('1', 'has started 1 tasks: (task a).')];
  const { lastEventId } = newEvents(before, undefined, { adopted: false });
  const again = newEvents([event('9', STEADY), event('8', STEADY), ...before], lastEventId, { adopted: false });
  expect(again).toEqual({ notes: [], lastEventId });
});

test('what was before a service was adopted is not told', () => {
  const events = [event('2', 'deregistered 1 targets'), event('1', 'x')];
  expect(newEvents(events, undefined, { adopted: true })).toEqual({ notes: [], lastEventId: '2' });
});

test('of more than ten the newest ten are told', () => {
  const events = Array.from({ length: 30 }, (_, i) => event(String(30 - i), `has started 1 tasks: (task ${30 - i}).`));
  const { notes } = newEvents(events, undefined, { adopted: false });
  expect(notes.map(({ message }) => /\d+(?=\)\.)/.exec(message)?.[0])).toEqual(
    Array.from({ length: 10 }, (_, i) => String(21 + i)),
  );
});

test.each<{ message: string; type: string; reason: string }>([
  { message: '(deployment ecs-svc/1) deployment completed.', type: 'Normal', reason: 'DeploymentCompleted' },
  {
    message: '(deployment ecs-svc/1) deployment failed: tasks failed to start.',
    type: 'Warning',
    reason: 'DeploymentFailed',
  },
  { message: 'rolling back to deployment ecs-svc/1.', type: 'Warning', reason: 'DeploymentRollingBack' },
  {
    message: 'was unable to place a task because no container instance met all of its requirements.',
    type: 'Warning',
    reason: 'TaskPlacementFailed',
  },
  { message: 'is unable to consistently start tasks successfully.', type: 'Warning', reason: 'TasksFailToStart' },
  { message: 'registered 1 targets in (target-group arn)', type: 'Normal', reason: 'TargetsRegistered' },
  { message: 'deregistered 1 targets in (target-group arn)', type: 'Normal', reason: 'TargetsDeregistered' },
  { message: '(port 80) is unhealthy in (target-group arn)', type: 'Warning', reason: 'TaskUnhealthy' },
  { message: 'has done what AWS says next year.', type: 'Normal', reason: 'ServiceEvent' },
])('"$message" is a $type event $reason', ({ message, type, reason }) => {
  const { notes } = newEvents([event('1', message)], undefined, { adopted: false });
  expect(notes).toEqual([{ type, reason, message: `(service web) ${message}` }]);
});
