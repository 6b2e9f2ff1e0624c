import type { LoadBalancer } from '@aws-sdk/client-ecs';
import { uuid } from '../core/events.ts';
import { nowOf } from '../core/scope.ts';
import type { EcsContext } from './context.ts';
import type { ServiceRecord, TaskRecord } from './records.ts';

const kept = 100;

/** Adds an event to the service, newest first; AWS keeps the last hundred. `text` follows "(service name) ". */
export function addEvent(ctx: EcsContext, service: ServiceRecord, text: string, at: Date = nowOf(ctx.scope)): void {
  service.events.unshift({ id: uuid(ctx.scope.random), createdAt: at, message: `(service ${service.name}) ${text}` });
  if (service.events.length > kept) service.events.length = kept;
}

export function startedText(tasks: readonly TaskRecord[]): string {
  return `has started ${tasks.length} tasks: ${tasks.map(({ id }) => `(task ${id})`).join(' ')}.`;
}

export function stoppedText(tasks: readonly TaskRecord[]): string {
  return `has stopped ${tasks.length} running tasks: ${tasks.map(({ id }) => `(task ${id})`).join(' ')}.`;
}

/** How events name a load balancer: by target group, else as a classic one. */
export function targetText(balancer: LoadBalancer): string {
  const { targetGroupArn, loadBalancerName } = balancer;
  return targetGroupArn === undefined ? `(elb ${loadBalancerName})` : `(target-group ${targetGroupArn})`;
}

/**
 * A service that rests says so again every six hours. The events that are due are added when somebody looks, so that a
 * thousand resting services set no timers.
 */
export function addDueSteadyEvents(ctx: EcsContext, service: ServiceRecord): void {
  if (service.steadyAt === undefined) return;
  const every = ctx.scope.timers.scaled(ctx.durations.steadyRepeat);
  const now = ctx.scope.clock.now();
  // More than a hundred would push each other out anyway.
  service.steadyAt = Math.max(service.steadyAt, now - kept * every);
  while (service.steadyAt + every <= now) {
    service.steadyAt += every;
    addEvent(ctx, service, 'has reached a steady state.', new Date(service.steadyAt));
  }
}
