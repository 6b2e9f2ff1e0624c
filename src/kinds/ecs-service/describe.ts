import type { EcsServiceAction } from './types.ts';

/** One line for people: what an action does, without sensitive values. */
export function describeAction(action: EcsServiceAction): string {
  switch (action.type) {
    case 'RegisterTaskDefinition':
      return 'RegisterTaskDefinition from taskDefinitionTemplate';
    case 'CreateService':
      return action.count === undefined ? 'CreateService' : `CreateService with desiredCount ${action.count}`;
    case 'UpdateService':
      return `UpdateService ${action.changes.join(', ')}`;
    case 'TagResource':
      return `TagResource ${shortOf(action.arn)}: ${Object.keys(action.tags).join(', ')}`;
    case 'UntagResource':
      return `UntagResource ${shortOf(action.arn)}: ${action.keys.join(', ')}`;
    case 'DeleteService':
      return 'DeleteService';
    case 'DeregisterTaskDefinition':
      return `DeregisterTaskDefinition ${shortOf(action.arn)}`;
    default:
      return action satisfies never;
  }
}

function shortOf(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}
