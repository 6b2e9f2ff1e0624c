import type { CreateServiceCommandInput, Service, UpdateServiceCommandInput } from '@aws-sdk/client-ecs';
import { isMissing } from '../../aws/errors.ts';
import { clientToken } from '../../aws/token.ts';
import type { AwsSession, ObserveInput, TagMap } from '../../reconcile/kind.ts';
import type { JsonObject } from '../../shape/shape.ts';
import { deregisterRevision } from '../ecs-task-definition/deregister-revision.ts';
import { type ObservedRevisions, registerRevision } from '../ecs-task-definition/revision.ts';
import { tagsOf } from '../tags.ts';
import { liveRequest } from './live.ts';
import { NOT_THERE, presenceOf, settingsOf } from './observe.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import type { EcsServiceAction, EcsServiceDesired, EcsServiceObserved } from './types.ts';

export type ActInput = ObserveInput<EcsServiceSpec, EcsServiceStatus, EcsServiceDesired> & {
  readonly observed: EcsServiceObserved;
  readonly incarnation: number;
};

/** Does one action. @returns what is then known of the service, the answer folded in. @throws AwsCallError */
export async function actOnService(
  action: EcsServiceAction,
  input: ActInput,
  aws: AwsSession,
): Promise<EcsServiceObserved> {
  const { observed } = input;
  switch (action.type) {
    case 'RegisterTaskDefinition':
      return register(input, aws);
    case 'CreateService':
      return create(action, input, aws);
    case 'UpdateService':
      return update(action.request, input, aws);
    case 'TagResource':
      await aws.call('ecs.TagResource', { resourceArn: action.arn, tags: tagsOf(action.tags) });
      return withTags(observed, action.arn, (tags) => ({ ...tags, ...action.tags }));
    case 'UntagResource':
      await aws.call('ecs.UntagResource', { resourceArn: action.arn, tagKeys: [...action.keys] });
      return withTags(observed, action.arn, (tags) =>
        Object.fromEntries(Object.entries(tags).filter(([key]) => !action.keys.includes(key))),
      );
    case 'DeleteService':
      return remove(input, aws);
    case 'DeregisterTaskDefinition': {
      const { template = NO_REVISIONS } = observed;
      return {
        ...observed,
        template: await deregisterRevision({ arn: action.arn, observed: template, identity: input.identity }, aws),
      };
    }
    default:
      return action satisfies never;
  }
}

const NO_REVISIONS: ObservedRevisions = { wanted: undefined, own: [], foreignRevisions: 0 };

async function register({ desired, observed, identity }: ActInput, aws: AwsSession): Promise<EcsServiceObserved> {
  const wanted = desired.taskDefinition;
  if (wanted?.type !== 'template') return observed;
  const { template = NO_REVISIONS } = observed;
  return { ...observed, template: await registerRevision(wanted.revision, template, identity, aws) };
}

async function create(
  { request, count }: Extract<EcsServiceAction, { type: 'CreateService' }>,
  { desired, identity, observed, incarnation }: ActInput,
  aws: AwsSession,
): Promise<EcsServiceObserved> {
  const whole = {
    ...request,
    cluster: desired.cluster,
    serviceName: desired.name,
    ...(count === undefined ? {} : { desiredCount: count }),
    tags: tagsOf({ ...desired.tags, ...identity.tags }),
  };
  const token = clientToken({ uid: identity.uid, operation: 'ecs.CreateService', request: whole, incarnation });
  // Safe: the request was normalised by the SDK's own schema of this input.
  const input = { ...whole, clientToken: token } as unknown as CreateServiceCommandInput;
  const { service } = await aws.call('ecs.CreateService', input);
  return withService(observed, service, request);
}

async function update(
  request: JsonObject,
  { desired, observed }: ActInput,
  aws: AwsSession,
): Promise<EcsServiceObserved> {
  // Safe: members of the normalised request, and values that AWS printed for the same members.
  const input = { ...request, cluster: desired.cluster, service: desired.name } as unknown as UpdateServiceCommandInput;
  const { service } = await aws.call('ecs.UpdateService', input);
  return withService(observed, service, request);
}

/** Its running tasks are stopped too, as a Deployment's pods are. */
async function remove({ desired, observed }: ActInput, aws: AwsSession): Promise<EcsServiceObserved> {
  try {
    const { service } = await aws.call('ecs.DeleteService', {
      cluster: desired.cluster,
      service: desired.name,
      force: true,
    });
    return withService(observed, service, {});
  } catch (error) {
    if (!isMissing(error, 'service') && !isMissing(error, 'cluster')) throw error;
    // Not certain: the revisions that a template left are looked for with the next look, and go before the object.
    return { ...NOT_THERE, presence: { state: 'absent', certain: false }, template: observed.template };
  }
}

/** AWS's answer in place of what was read before. What it does not print is as it was, or as it was asked. */
function withService(before: EcsServiceObserved, service: Service | undefined, asked: JsonObject): EcsServiceObserved {
  if (service === undefined) return before;
  const tags = before.presence.state === 'absent' ? {} : before.presence.tags;
  const presence = presenceOf(service);
  return {
    ...NOT_THERE,
    presence: presence.state !== 'absent' && service.tags === undefined ? { ...presence, tags } : presence,
    service,
    live: { ...liveRequest(service), ...settingsOf(before.live), ...settingsOf(asked) },
    failures: before.failures,
    namespace: before.namespace,
    template: before.template,
  };
}

/** Tags of the service, or of a template's revision. */
function withTags(observed: EcsServiceObserved, arn: string, change: (tags: TagMap) => TagMap): EcsServiceObserved {
  const { presence, template } = observed;
  if (presence.state !== 'absent' && presence.arn === arn) {
    return { ...observed, presence: { ...presence, tags: change(presence.tags) } };
  }
  if (template?.wanted?.arn !== arn) return observed;
  return { ...observed, template: { ...template, wanted: { arn, tags: change(template.wanted.tags) } } };
}
