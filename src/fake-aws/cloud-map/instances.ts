import {
  type DeregisterInstanceRequest,
  DeregisterInstanceRequest$,
  type GetInstanceRequest,
  GetInstanceRequest$,
  type GetInstancesHealthStatusRequest,
  GetInstancesHealthStatusRequest$,
  type HealthStatus,
  type ListInstancesRequest,
  ListInstancesRequest$,
  type RegisterInstanceRequest,
  RegisterInstanceRequest$,
  type UpdateInstanceCustomHealthStatusRequest,
  UpdateInstanceCustomHealthStatusRequest$,
} from '@aws-sdk/client-servicediscovery';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import { type Checked, type Operation, operation } from './inputs.ts';
import { checkInstanceAttributes } from './instance-attributes.ts';
import type { Operations } from './operations.ts';
import { checkChoice, checkRange, checkText } from './patterns.ts';
import { type CloudMapState, type InstanceRecord, invalidInput, type ServiceRecord } from './state.ts';

/** How long AWS takes, in milliseconds. */
const REGISTER_TAKES = 1_500;
const HEALTH_CHANGE_TAKES = 30_000;
/** Instances per service (Cloud Map's quotas). */
const MAX_INSTANCES = 1_000;

/** Instances of services, with their health. */
export class Instances {
  readonly #state: CloudMapState;
  readonly #operations: Operations;

  readonly handlers: Readonly<Record<string, Operation>> = {
    RegisterInstance: operation<RegisterInstanceRequest>(RegisterInstanceRequest$, (input) => this.#register(input)),
    DeregisterInstance: operation<DeregisterInstanceRequest>(DeregisterInstanceRequest$, (input) =>
      this.#deregister(input),
    ),
    GetInstance: operation<GetInstanceRequest>(GetInstanceRequest$, ({ ServiceId, InstanceId }) => {
      const record = instanceOf(this.#state.service(ServiceId), InstanceId);
      return { ResourceOwner: this.#state.scope.accountId, Instance: this.#output(record, true) };
    }),
    ListInstances: operation<ListInstancesRequest>(ListInstancesRequest$, (input) => this.#list(input)),
    GetInstancesHealthStatus: operation<GetInstancesHealthStatusRequest>(GetInstancesHealthStatusRequest$, (input) =>
      this.#health(input),
    ),
    UpdateInstanceCustomHealthStatus: operation<UpdateInstanceCustomHealthStatusRequest>(
      UpdateInstanceCustomHealthStatusRequest$,
      (input) => this.#setHealth(input),
    ),
  };

  constructor(state: CloudMapState, operations: Operations) {
    this.#state = state;
    this.#operations = operations;
  }

  /** Adds or replaces an instance at once. */
  put(service: ServiceRecord, instance: Omit<InstanceRecord, 'health'>): void {
    const health = service.customHealth ? initialHealth(instance.attributes) : 'UNKNOWN';
    const record: InstanceRecord = { ...instance, health };
    service.instances.set(instance.id, record);
    service.revision++;
    if (!service.healthCheck) return;
    // Route 53's checkers find it healthy after their first rounds.
    this.#state.scope.timers.after(HEALTH_CHANGE_TAKES, () => {
      if (service.instances.get(record.id) === record) setHealth(service, record, 'HEALTHY');
    });
  }

  /** Removes an instance at once, if it is there. */
  remove(service: ServiceRecord, instanceId: string): void {
    if (service.instances.delete(instanceId)) service.revision++;
  }

  #register(input: Checked<RegisterInstanceRequest>): object {
    const { InstanceId: id, Attributes: attributes, CreatorRequestId: creatorRequestId } = input;
    const service = this.#state.service(input.ServiceId);
    checkText({ at: 'instanceId', value: id, rule: 'instanceId' });
    checkText({ at: 'creatorRequestId', value: creatorRequestId, rule: 'resourceId' });
    checkInstanceAttributes({ namespace: this.#state.namespace(service.namespaceId), service, attributes });
    if (!service.instances.has(id) && service.instances.size >= MAX_INSTANCES) {
      throw new AwsError({
        code: 'ResourceLimitExceeded',
        message: `Service ${service.id} has reached the limit of ${MAX_INSTANCES} instances.`,
      });
    }
    const OperationId = this.#operations.submit({
      type: 'REGISTER_INSTANCE',
      targets: { INSTANCE: id, SERVICE: service.id },
      subject: `${service.id}/${id}`,
      token: creatorRequestId,
      takes: REGISTER_TAKES,
      effect: () => {
        if (!this.#state.services.has(service.id)) {
          return { code: 'INTERNAL_FAILURE', message: `Service ${service.id} was deleted meanwhile.` };
        }
        this.put(service, { id, attributes: withAddress(attributes), creatorRequestId });
        return undefined;
      },
    });
    return { OperationId };
  }

  #deregister(input: Checked<DeregisterInstanceRequest>): object {
    const service = this.#state.service(input.ServiceId);
    const subject = `${service.id}/${input.InstanceId}`;
    this.#operations.existing(subject, undefined);
    const { id } = instanceOf(service, input.InstanceId);
    const OperationId = this.#operations.submit({
      type: 'DEREGISTER_INSTANCE',
      targets: { INSTANCE: id, SERVICE: service.id },
      subject,
      takes: REGISTER_TAKES,
      effect: () => {
        this.remove(service, id);
        return undefined;
      },
    });
    return { OperationId };
  }

  #list({ ServiceId, MaxResults, NextToken }: Checked<ListInstancesRequest>): object {
    checkRange({ at: 'maxResults', value: MaxResults, min: 1, max: 100 });
    const page = pageOf({
      all: [...this.#state.service(ServiceId).instances.values()],
      keyOf: ({ id }) => id,
      maxResults: MaxResults ?? 100,
      nextToken: NextToken,
      invalidTokenCode: 'InvalidInput',
    });
    return {
      ResourceOwner: this.#state.scope.accountId,
      Instances: page.items.map((record) => this.#output(record, false)),
      ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
    };
  }

  #health(input: Checked<GetInstancesHealthStatusRequest>): object {
    checkRange({ at: 'maxResults', value: input.MaxResults, min: 1, max: 100 });
    if (input.Instances?.length === 0) throw invalidInput('Instances must not be empty.');
    const service = this.#state.service(input.ServiceId);
    const page = pageOf({
      all: input.Instances?.map((id) => instanceOf(service, id)) ?? [...service.instances.values()],
      keyOf: ({ id }) => id,
      maxResults: input.MaxResults ?? 100,
      nextToken: input.NextToken,
      invalidTokenCode: 'InvalidInput',
    });
    return {
      Status: Object.fromEntries(page.items.map(({ id, health }) => [id, health])),
      ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
    };
  }

  #setHealth({ ServiceId, InstanceId, Status }: Checked<UpdateInstanceCustomHealthStatusRequest>): object {
    checkChoice({ at: 'status', value: Status, choices: ['HEALTHY', 'UNHEALTHY'] });
    const service = this.#state.service(ServiceId);
    const record = instanceOf(service, InstanceId);
    if (!service.customHealth) {
      throw new AwsError({
        code: 'CustomHealthNotFound',
        message: `Service ${service.id} has no custom health check.`,
      });
    }
    // "Waits for approximately 30 seconds before changing the status" (model of HealthCheckCustomConfig).
    this.#state.scope.timers.after(HEALTH_CHANGE_TAKES, () => {
      if (service.instances.get(record.id) === record) setHealth(service, record, Status);
    });
    return {};
  }

  #output({ id, attributes, creatorRequestId }: InstanceRecord, whole: boolean): object {
    return {
      Id: id,
      ...(whole && creatorRequestId !== undefined ? { CreatorRequestId: creatorRequestId } : {}),
      Attributes: attributes,
      CreatedByAccount: this.#state.scope.accountId,
    };
  }
}

function instanceOf(service: ServiceRecord, id: string): InstanceRecord {
  const record = service.instances.get(id);
  if (record) return record;
  throw new AwsError({ code: 'InstanceNotFound', message: `Instance ${id} is not found in service ${service.id}.` });
}

function setHealth(service: ServiceRecord, record: InstanceRecord, health: HealthStatus): void {
  if (record.health === health) return;
  record.health = health;
  service.revision++;
}

function initialHealth(attributes: Readonly<Record<string, string>>): HealthStatus {
  return attributes.AWS_INIT_HEALTH_STATUS === 'UNHEALTHY' ? 'UNHEALTHY' : 'HEALTHY';
}

/** With an EC2 instance's id, Cloud Map adds that instance's address: made up here from the id, always the same. */
function withAddress(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const ec2 = attributes.AWS_EC2_INSTANCE_ID;
  if (ec2 === undefined) return attributes;
  const digits = Number.parseInt(ec2.replace(/[^0-9a-f]/gi, '').slice(-4) || '0', 16);
  return { ...attributes, AWS_INSTANCE_IPV4: `10.0.${(digits >> 8) & 255}.${digits & 255}` };
}
