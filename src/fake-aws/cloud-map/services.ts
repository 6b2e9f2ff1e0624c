import {
  type CreateServiceRequest,
  CreateServiceRequest$,
  type DeleteServiceRequest,
  DeleteServiceRequest$,
  type GetServiceRequest,
  GetServiceRequest$,
  type ListServicesRequest,
  ListServicesRequest$,
  type Service,
  type ServiceFilter,
  type ServiceSummary,
  type UpdateServiceRequest,
  UpdateServiceRequest$,
} from '@aws-sdk/client-servicediscovery';
import { randomString } from '../../runtime/random.ts';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import { arnOf } from '../core/scope.ts';
import { type Checked, type Operation, operation } from './inputs.ts';
import { ownerMatcher } from './namespace-filters.ts';
import type { Operations } from './operations.ts';
import { checkChoice, checkRange, checkText } from './patterns.ts';
import { checkSettings, recordTypes, withDefaults } from './service-settings.ts';
import { type CloudMapState, invalidInput, type NamespaceRecord, type ServiceRecord } from './state.ts';
import { newTags } from './tagging.ts';

/** How long AWS takes to change a service and its records, in milliseconds. */
const UPDATE_TAKES = 5_000;

/** Services: made and removed at once, changed by operations. */
export class Services {
  readonly #state: CloudMapState;
  readonly #operations: Operations;
  /** By CreatorRequestId: what was asked, so that a retry can be told from another request. */
  readonly #created = new Map<string, { readonly id: string; readonly request: string }>();

  readonly handlers: Readonly<Record<string, Operation>> = {
    CreateService: operation<CreateServiceRequest>(CreateServiceRequest$, (input) => this.#create(input)),
    GetService: operation<GetServiceRequest>(GetServiceRequest$, ({ Id }) => ({
      Service: this.#output(this.#state.service(Id)),
    })),
    UpdateService: operation<UpdateServiceRequest>(UpdateServiceRequest$, (input) => this.#update(input)),
    DeleteService: operation<DeleteServiceRequest>(DeleteServiceRequest$, (input) => this.#delete(input)),
    ListServices: operation<ListServicesRequest>(ListServicesRequest$, (input) => this.#list(input)),
  };

  constructor(state: CloudMapState, operations: Operations) {
    this.#state = state;
    this.#operations = operations;
  }

  /** A service at once, found by API calls only: ECS makes those for Service Connect. */
  makeHttp(namespace: NamespaceRecord, name: string): ServiceRecord {
    return this.#record(namespace, { Name: name, Type: 'HTTP' });
  }

  #create(input: Checked<CreateServiceRequest>): object {
    checkText({ at: 'name', value: input.Name, rule: 'serviceName' });
    checkText({ at: 'description', value: input.Description, rule: 'description' });
    checkText({ at: 'creatorRequestId', value: input.CreatorRequestId, rule: 'resourceId' });
    checkChoice({ at: 'type', value: input.Type, choices: ['HTTP'] });
    const request = JSON.stringify(input);
    const retried = this.#retried(input.CreatorRequestId, request);
    if (retried) return { Service: this.#output(retried) };
    const namespaceId = input.NamespaceId ?? input.DnsConfig?.NamespaceId;
    if (namespaceId === undefined) throw invalidInput('NamespaceId is required.');
    const namespace = this.#state.namespace(namespaceId);
    if (namespace.phase === 'deleting') {
      throw new AwsError({ code: 'NamespaceNotFound', message: `Namespace ${namespace.id} is being deleted.` });
    }
    if (input.Type === 'HTTP' && input.DnsConfig) {
      throw invalidInput('DnsConfig cannot be specified for a service of type HTTP.');
    }
    checkSettings(namespace, settingsOf(input));
    const same = this.#named(namespace, input.Name);
    if (same) throw alreadyExists(same);
    const record = this.#record(namespace, input);
    if (input.CreatorRequestId !== undefined) this.#created.set(input.CreatorRequestId, { id: record.id, request });
    return { Service: this.#output(record) };
  }

  #retried(token: string | undefined, request: string): ServiceRecord | undefined {
    const earlier = token === undefined ? undefined : this.#created.get(token);
    if (!earlier) return undefined;
    const record = this.#state.services.get(earlier.id);
    if (record && earlier.request !== request) throw alreadyExists(record);
    return record;
  }

  /** Names that DNS can be asked for may not differ only by case (model of CreateService.Name). */
  #named(namespace: NamespaceRecord, name: string): ServiceRecord | undefined {
    const dns = namespace.type !== 'HTTP';
    return this.#state
      .servicesIn(namespace.id)
      .find((other) => other.name === name || (dns && other.name.toLowerCase() === name.toLowerCase()));
  }

  #record(namespace: NamespaceRecord, input: Checked<CreateServiceRequest>): ServiceRecord {
    const { scope } = this.#state;
    const tags = newTags(input.Tags);
    const id = `srv-${randomString(scope.random, 16, '0123456789abcdefghijklmnopqrstuvwxyz')}`;
    const record: ServiceRecord = {
      id,
      arn: arnOf(scope, 'servicediscovery', `service/${id}`),
      name: input.Name,
      namespaceId: namespace.id,
      createdAt: scope.clock.now(),
      creatorRequestId: input.CreatorRequestId,
      type: input.DnsConfig ? 'DNS_HTTP' : 'HTTP',
      description: input.Description,
      ...withDefaults(settingsOf(input)),
      tags,
      attributes: new Map(),
      instances: new Map(),
      revision: 1,
    };
    this.#state.services.set(id, record);
    return record;
  }

  #update({ Id, Service: change }: Checked<UpdateServiceRequest>): object {
    const record = this.#state.service(Id);
    checkText({ at: 'service.description', value: change.Description, rule: 'description' });
    const namespace = this.#state.namespace(record.namespaceId);
    const settings = {
      dns: change.DnsConfig && { ...change.DnsConfig, RoutingPolicy: record.dns?.RoutingPolicy },
      healthCheck: change.HealthCheckConfig,
      customHealth: record.customHealth,
    };
    if (namespace.type === 'HTTP' && (change.DnsConfig || change.HealthCheckConfig)) {
      throw invalidInput('The settings of a service that is associated with an HTTP namespace cannot be updated.');
    }
    if (change.DnsConfig && recordTypes(change.DnsConfig.DnsRecords) !== recordTypes(record.dns?.DnsRecords)) {
      throw invalidInput('The record types of a service cannot be changed: delete the service and create it again.');
    }
    if (change.HealthCheckConfig && record.healthCheck && change.HealthCheckConfig.Type !== record.healthCheck.Type) {
      throw invalidInput('The type of a health check cannot be changed.');
    }
    checkSettings(namespace, settings);
    const OperationId = this.#operations.submit({
      type: 'UPDATE_SERVICE',
      targets: { SERVICE: record.id },
      subject: record.id,
      takes: UPDATE_TAKES,
      effect: () => {
        if (change.Description !== undefined) record.description = change.Description || undefined;
        // What is left out is deleted, but HTTP namespaces keep their settings for good (model of UpdateService).
        if (namespace.type !== 'HTTP') {
          const { dns, healthCheck } = withDefaults(settings);
          Object.assign(record, { dns, healthCheck, type: dns ? 'DNS_HTTP' : 'HTTP' } satisfies Partial<ServiceRecord>);
        }
        return undefined;
      },
    });
    return { OperationId };
  }

  #delete({ Id }: Checked<DeleteServiceRequest>): object {
    const record = this.#state.service(Id);
    if (record.instances.size > 0) {
      throw new AwsError({
        code: 'ResourceInUse',
        message: 'Service contains registered instances; delete the instances before deleting the service',
      });
    }
    this.drop(record);
    return {};
  }

  /** Removes a service with all that it holds. */
  drop(record: ServiceRecord): void {
    this.#state.services.delete(record.id);
    if (record.creatorRequestId !== undefined) this.#created.delete(record.creatorRequestId);
  }

  #list({ Filters = [], MaxResults, NextToken }: Checked<ListServicesRequest>): object {
    checkRange({ at: 'maxResults', value: MaxResults, min: 1, max: 100 });
    const matchers = Filters.map((filter) => this.#matcher(filter));
    const page = pageOf({
      all: [...this.#state.services.values()].filter((record) => matchers.every((matches) => matches(record))),
      keyOf: (record) => record.id,
      maxResults: MaxResults ?? 100,
      nextToken: NextToken,
      invalidTokenCode: 'InvalidInput',
    });
    return {
      Services: page.items.map((record) => this.#summary(record)),
      ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
    };
  }

  #matcher({ Name, Values, Condition = 'EQ' }: Checked<ServiceFilter>): (record: ServiceRecord) => boolean {
    checkChoice({ at: 'filters.name', value: Name, choices: ['NAMESPACE_ID', 'RESOURCE_OWNER'] });
    if (Condition !== 'EQ') throw invalidInput(`Filter ${Name} does not support ${Condition}.`);
    const [wanted, ...others] = Values;
    if (wanted === undefined || others.length > 0) throw invalidInput(`Filter ${Name} takes exactly one value.`);
    if (Name === 'RESOURCE_OWNER') return ownerMatcher(wanted);
    return ({ namespaceId }) => namespaceId === wanted || this.#state.namespaces.get(namespaceId)?.arn === wanted;
  }

  #summary(record: ServiceRecord): ServiceSummary {
    return {
      Id: record.id,
      Arn: record.arn,
      ResourceOwner: this.#state.scope.accountId,
      Name: record.name,
      Type: record.type,
      ...(record.description === undefined ? {} : { Description: record.description }),
      InstanceCount: record.instances.size,
      ...(record.dns === undefined ? {} : { DnsConfig: { NamespaceId: record.namespaceId, ...record.dns } }),
      ...(record.healthCheck === undefined ? {} : { HealthCheckConfig: record.healthCheck }),
      ...(record.customHealth === undefined ? {} : { HealthCheckCustomConfig: record.customHealth }),
      CreateDate: new Date(record.createdAt),
      CreatedByAccount: this.#state.scope.accountId,
    };
  }

  #output(record: ServiceRecord): Service {
    return {
      ...this.#summary(record),
      NamespaceId: record.namespaceId,
      ...(record.creatorRequestId === undefined ? {} : { CreatorRequestId: record.creatorRequestId }),
    };
  }
}

function settingsOf(input: Checked<CreateServiceRequest>) {
  return {
    dns: input.DnsConfig,
    healthCheck: input.HealthCheckConfig,
    customHealth: input.HealthCheckCustomConfig,
  };
}

function alreadyExists(record: ServiceRecord): AwsError {
  return new AwsError({
    code: 'ServiceAlreadyExists',
    message: `Service ${record.name} already exists (${record.id}).`,
    fields: { ServiceId: record.id, ServiceArn: record.arn, CreatorRequestId: record.creatorRequestId ?? '' },
  });
}
