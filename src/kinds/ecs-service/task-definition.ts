import { sameTaskDefinitionName } from '../../shape/names.ts';
import type { DesiredRevision } from '../ecs-task-definition/revision.ts';

/** Which task definition a service is to run. */
export type WantedTaskDefinition =
  /** As AWS takes it: `family`, `family:revision`, or an ARN with or without a revision. */
  | { readonly type: 'named'; readonly value: string }
  /** The revision that a reference stands for. */
  | { readonly type: 'revision'; readonly arn: string }
  /** Written inline; its ARN is known once it is registered. */
  | { readonly type: 'template'; readonly revision: DesiredRevision };

/** Whether the live task definition is the wanted one. `templateArn`: the registered revision of a template. */
export function isWanted(
  wanted: WantedTaskDefinition,
  liveArn: string | undefined,
  templateArn: string | undefined,
): boolean {
  if (liveArn === undefined) return false;
  switch (wanted.type) {
    case 'named':
      return isNamed(wanted.value, liveArn);
    case 'revision':
      return wanted.arn === liveArn;
    case 'template':
      return templateArn === liveArn;
    default:
      return wanted satisfies never;
  }
}

/** What goes into a call; undefined while a template is not registered. */
export function taskDefinitionArgument(
  wanted: WantedTaskDefinition,
  templateArn: string | undefined,
): string | undefined {
  switch (wanted.type) {
    case 'named':
      return wanted.value;
    case 'revision':
      return wanted.arn;
    case 'template':
      return templateArn;
    default:
      return wanted satisfies never;
  }
}

/** What tells one wanted task definition from another, before anything is registered. */
export function taskDefinitionKey(wanted: WantedTaskDefinition | undefined): string {
  switch (wanted?.type) {
    case undefined:
      return '';
    case 'named':
      return wanted.value;
    case 'revision':
      return wanted.arn;
    case 'template':
      return `${wanted.revision.family}/${wanted.revision.contentHash}`;
    default:
      return wanted satisfies never;
  }
}

/** The revision's ARN where it can be told, for status. */
export function wantedArn(
  wanted: WantedTaskDefinition | undefined,
  liveArn: string | undefined,
  templateArn: string | undefined,
): string | undefined {
  if (wanted === undefined) return undefined;
  if (wanted.type !== 'named') return taskDefinitionArgument(wanted, templateArn);
  if (liveArn !== undefined && isNamed(wanted.value, liveArn)) return liveArn;
  return /^arn:.*:\d+$/.test(wanted.value) ? wanted.value : undefined;
}

/**
 * A name without a revision means AWS's newest ACTIVE one at the time of the call, so each revision of the family
 * satisfies it: registering another one starts no rollout.
 */
function isNamed(named: string, liveArn: string): boolean {
  return sameTaskDefinitionName(named, liveArn) === 'same';
}
