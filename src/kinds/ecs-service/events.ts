import type { ServiceEvent } from '@aws-sdk/client-ecs';
import type { EventNote } from '../../reconcile/kind.ts';

/** More than that in one look are history rather than news. */
const MAX_NOTES = 10;

/** AWS's messages by what they tell; the first that matches names the event. */
const REASONS: readonly [pattern: RegExp, type: EventNote['type'], reason: string][] = [
  [/deployment completed/, 'Normal', 'DeploymentCompleted'],
  [/deployment failed/, 'Warning', 'DeploymentFailed'],
  [/rolling back to/, 'Warning', 'DeploymentRollingBack'],
  [/unable to consistently start tasks/, 'Warning', 'TasksFailToStart'],
  [/unable to place/, 'Warning', 'TaskPlacementFailed'],
  [/is unhealthy in|failed (container )?health checks/, 'Warning', 'TaskUnhealthy'],
  [/unable to|failed/, 'Warning', 'ServiceTrouble'],
  [/deregistered \d+ targets|has begun draining/, 'Normal', 'TargetsDeregistered'],
  [/registered \d+ targets/, 'Normal', 'TargetsRegistered'],
  [/has started \d+ tasks/, 'Normal', 'TasksStarted'],
  [/has stopped \d+ (running|pending) tasks/, 'Normal', 'TasksStopped'],
];

export interface NewEvents {
  readonly notes: readonly EventNote[];
  /** The newest event that was told, or passed over because it came before us. */
  readonly lastEventId: string | undefined;
}

/**
 * AWS's service events as Kubernetes Events, oldest first, each once. The steady state that AWS repeats for ever is no
 * news. Of a service that we did not make, what was before we came stays untold.
 */
export function newEvents(
  events: readonly ServiceEvent[] | undefined,
  lastEventId: string | undefined,
  { adopted }: { readonly adopted: boolean },
): NewEvents {
  // AWS lists the newest first.
  const telling = (events ?? []).filter(({ message = '' }) => !/has reached a steady state/.test(message));
  const newest = telling[0]?.id ?? lastEventId;
  if (lastEventId === undefined && adopted) return { notes: [], lastEventId: newest };
  const known = telling.findIndex(({ id }) => id !== undefined && id === lastEventId);
  const fresh = known === -1 ? telling : telling.slice(0, known);
  return { notes: fresh.slice(0, MAX_NOTES).reverse().map(toNote), lastEventId: newest };
}

function toNote({ message = '' }: ServiceEvent): EventNote {
  const [, type, reason] =
    REASONS.find(([pattern]) => pattern.test(message)) ?? ([/./, 'Normal', 'ServiceEvent'] as const);
  return { type, reason, message };
}
