import type { EcsContext } from './context.ts';
import type { ServiceRecord } from './records.ts';

/**
 * Has the scheduler look at the service after `ms` of AWS's time, unless it is going to look sooner anyway. A service at
 * which nothing moves has no look due, so it costs nothing.
 */
export function lookSoon(ctx: EcsContext, service: ServiceRecord, ms: number): void {
  const at = ctx.scope.clock.now() + ctx.scope.timers.scaled(ms);
  if (service.look && service.look.at <= at) return;
  service.look?.timer.cancel();
  const timer = ctx.scope.timers.after(ms, () => {
    service.look = undefined;
    ctx.lookAt(service);
  });
  service.look = { at, timer };
}

/** The same for a moment (ms since the epoch). */
export function lookAtTime(ctx: EcsContext, service: ServiceRecord, at: number): void {
  const speed = ctx.scope.timers.scaled(1);
  lookSoon(ctx, service, Math.max(at - ctx.scope.clock.now(), 0) / speed);
}
