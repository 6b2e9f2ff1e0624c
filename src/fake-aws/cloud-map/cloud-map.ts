import { AwsError } from '../core/aws-error.ts';
import type { CloudMapPort, InstanceRegistration, NamespaceFacts, RegistryFacts } from '../core/cloud-map-port.ts';
import type { CallContext, FakeService } from '../core/request.ts';
import type { FakeScope } from '../core/scope.ts';
import { discoveryHandlers } from './discovery.ts';
import type { Operation } from './inputs.ts';
import { Instances } from './instances.ts';
import { Namespaces } from './namespaces.ts';
import { Operations } from './operations.ts';
import { serviceAttributeHandlers } from './service-attributes.ts';
import { Services } from './services.ts';
import { CloudMapState, type NamespaceRecord, type ServiceRecord } from './state.ts';
import { taggingHandlers } from './tagging.ts';

/** AWS Cloud Map in one account and region. */
export class CloudMap implements FakeService, CloudMapPort {
  readonly #state: CloudMapState;
  readonly #operations: Operations;
  readonly #namespaces: Namespaces;
  readonly #services: Services;
  readonly #instances: Instances;
  readonly #handlers: ReadonlyMap<string, Operation>;

  constructor(scope: FakeScope) {
    this.#state = new CloudMapState(scope);
    this.#operations = new Operations(scope);
    this.#namespaces = new Namespaces(this.#state, this.#operations);
    this.#services = new Services(this.#state, this.#operations);
    this.#instances = new Instances(this.#state, this.#operations);
    this.#handlers = new Map(
      Object.entries({
        ...this.#operations.handlers,
        ...this.#namespaces.handlers,
        ...this.#services.handlers,
        ...serviceAttributeHandlers(this.#state),
        ...this.#instances.handlers,
        ...discoveryHandlers(this.#state),
        ...taggingHandlers(this.#state),
      }),
    );
  }

  handle(operation: string, input: unknown, context: CallContext): object {
    const handler = this.#handlers.get(operation);
    if (handler) return handler(input, context);
    throw new AwsError({
      code: 'UnknownOperationException',
      message: `The operation ${operation} is not known to servicediscovery.`,
    });
  }

  snapshot(): object {
    const { namespaces, services } = this.#state;
    return {
      namespaces: [...namespaces.values()].map((record) => ({ ...record, tags: Object.fromEntries(record.tags) })),
      services: [...services.values()].map((record) => ({
        ...record,
        tags: Object.fromEntries(record.tags),
        attributes: Object.fromEntries(record.attributes),
        instances: [...record.instances.values()].map((instance) => ({ ...instance })),
      })),
      operations: this.#operations.snapshot(),
    };
  }

  register({ service, instanceId, attributes }: InstanceRegistration): void {
    const record = this.#find(service);
    if (record) this.#instances.put(record, { id: instanceId, attributes, creatorRequestId: undefined });
  }

  deregister({ service, instanceId }: Pick<InstanceRegistration, 'service' | 'instanceId'>): void {
    const record = this.#find(service);
    if (record) this.#instances.remove(record, instanceId);
  }

  findService(service: string): RegistryFacts | undefined {
    const record = this.#find(service);
    return record && registryFacts(record);
  }

  findNamespace(namespace: string): NamespaceFacts | undefined {
    const record = [...this.#state.namespaces.values()].find(
      ({ phase, arn, id, name }) =>
        phase !== 'creating' && (arn === namespace || id === namespace || name === namespace),
    );
    return record && namespaceFacts(record);
  }

  ensureHttpNamespace(name: string): NamespaceFacts {
    const found = [...this.#state.namespaces.values()].find(
      (record) => record.type === 'HTTP' && record.name === name && record.phase === 'active',
    );
    return namespaceFacts(found ?? this.#namespaces.makeHttp(name));
  }

  ensureConnectService({
    namespaceArn,
    name,
  }: {
    readonly namespaceArn: string;
    readonly name: string;
  }): RegistryFacts & { readonly made: boolean } {
    const namespace = this.#state.namespace(namespaceArn);
    const found = this.#state.servicesIn(namespace.id).find((record) => record.name === name);
    return { ...registryFacts(found ?? this.#services.makeHttp(namespace, name)), made: found === undefined };
  }

  dropConnectService(serviceArn: string): void {
    const record = this.#find(serviceArn);
    if (record) this.#services.drop(record);
  }

  #find(idOrArn: string): ServiceRecord | undefined {
    const id = idOrArn.startsWith('arn:') ? idOrArn.slice(idOrArn.lastIndexOf('/') + 1) : idOrArn;
    const record = this.#state.services.get(id);
    return record && (record.arn === idOrArn || record.id === idOrArn) ? record : undefined;
  }
}

function registryFacts(record: ServiceRecord): RegistryFacts {
  const recordTypes = record.dns?.DnsRecords?.map(({ Type }) => String(Type)) ?? [];
  return { id: record.id, arn: record.arn, name: record.name, recordTypes };
}

function namespaceFacts({ id, arn, name, type }: NamespaceRecord): NamespaceFacts {
  return { id, arn, name, type };
}
