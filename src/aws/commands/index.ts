import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Operation } from '../operations.ts';
import type { AwsService } from '../send.ts';
import { CLOUD_MAP_COMMANDS } from './cloud-map.ts';
import { ECS_COMMANDS } from './ecs.ts';

type Names<Service extends AwsService> = Operation extends infer O
  ? O extends `${Service}.${infer Name}`
    ? Name
    : never
  : never;

// Each service's commands take that service's inputs; which they are, `Operations` says and the gateway checks.
type CommandClass = new (input: never) => object;

const COMMANDS: {
  readonly [Service in AwsService]: Readonly<Record<Names<Service>, CommandClass>>;
} = {
  ecs: ECS_COMMANDS,
  servicediscovery: CLOUD_MAP_COMMANDS,
  sts: { GetCallerIdentity: GetCallerIdentityCommand },
};

/** The SDK's command of an operation. @throws Error for one that the operator does not know. */
export function commandOf(service: AwsService, operation: string): CommandClass {
  const commands: Readonly<Record<string, CommandClass>> = COMMANDS[service];
  const command = commands[operation];
  if (command === undefined) throw new Error(`${service} has no operation ${operation} that the operator knows`);
  return command;
}
