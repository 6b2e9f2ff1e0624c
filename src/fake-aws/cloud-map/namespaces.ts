import {
  type CreateHttpNamespaceRequest,
  CreateHttpNamespaceRequest$,
  type CreatePrivateDnsNamespaceRequest,
  CreatePrivateDnsNamespaceRequest$,
  type CreatePublicDnsNamespaceRequest,
  CreatePublicDnsNamespaceRequest$,
  type DeleteNamespaceRequest,
  DeleteNamespaceRequest$,
  type GetNamespaceRequest,
  GetNamespaceRequest$,
  type ListNamespacesRequest,
  ListNamespacesRequest$,
  type NamespaceType,
  type Tag,
  type UpdateHttpNamespaceRequest,
  UpdateHttpNamespaceRequest$,
  type UpdatePrivateDnsNamespaceRequest,
  UpdatePrivateDnsNamespaceRequest$,
  type UpdatePublicDnsNamespaceRequest,
  UpdatePublicDnsNamespaceRequest$,
} from '@aws-sdk/client-servicediscovery';
import { randomString } from '../../runtime/random.ts';
import { AwsError } from '../core/aws-error.ts';
import { pageOf } from '../core/paging.ts';
import { arnOf } from '../core/scope.ts';
import { type Checked, type Operation, operation } from './inputs.ts';
import { namespaceMatcher } from './namespace-filters.ts';
import { namespaceOutput, namespaceSummary } from './namespace-output.ts';
import type { Operations } from './operations.ts';
import { checkRange, checkText } from './patterns.ts';
import { type CloudMapState, invalidInput, type NamespaceRecord } from './state.ts';
import { newTags } from './tagging.ts';

/** How long AWS takes, in milliseconds: a hosted zone is slow, a record of ours is not. */
const TAKES = { HTTP: 2_000, DNS_PRIVATE: 30_000, DNS_PUBLIC: 30_000, update: 3_000 } as const;
/** AWS's default TTL of a zone's SOA record, in seconds. */
const SOA_TTL = 15;

interface Creation {
  readonly type: NamespaceType;
  readonly name: string;
  readonly description: string | undefined;
  readonly creatorRequestId: string | undefined;
  readonly tags: readonly Checked<Tag>[] | undefined;
  readonly vpc?: string;
  readonly soaTtl?: number | undefined;
}

interface Update {
  readonly type: NamespaceType;
  readonly id: string;
  readonly updaterRequestId: string | undefined;
  readonly description: string | undefined;
  readonly soaTtl?: number | undefined;
}

/** Namespaces: made, changed and removed by operations. */
export class Namespaces {
  readonly #state: CloudMapState;
  readonly #operations: Operations;

  readonly handlers: Readonly<Record<string, Operation>> = {
    CreateHttpNamespace: operation<CreateHttpNamespaceRequest>(CreateHttpNamespaceRequest$, (input) => {
      checkText({ at: 'name', value: input.Name, rule: 'namespaceNameHttp' });
      return this.#create({ type: 'HTTP', ...common(input) });
    }),
    CreatePrivateDnsNamespace: operation<CreatePrivateDnsNamespaceRequest>(
      CreatePrivateDnsNamespaceRequest$,
      (input) => {
        checkText({ at: 'name', value: input.Name, rule: 'namespaceNamePrivate' });
        checkText({ at: 'vpc', value: input.Vpc, rule: 'resourceId' });
        const soaTtl = input.Properties?.DnsProperties.SOA.TTL;
        return this.#create({ type: 'DNS_PRIVATE', ...common(input), vpc: input.Vpc, soaTtl });
      },
    ),
    CreatePublicDnsNamespace: operation<CreatePublicDnsNamespaceRequest>(CreatePublicDnsNamespaceRequest$, (input) => {
      checkText({ at: 'name', value: input.Name, rule: 'namespaceNamePublic' });
      return this.#create({ type: 'DNS_PUBLIC', ...common(input), soaTtl: input.Properties?.DnsProperties.SOA.TTL });
    }),
    UpdateHttpNamespace: operation<UpdateHttpNamespaceRequest>(UpdateHttpNamespaceRequest$, (input) =>
      this.#update({ type: 'HTTP', ...target(input), description: input.Namespace.Description }),
    ),
    UpdatePrivateDnsNamespace: operation<UpdatePrivateDnsNamespaceRequest>(UpdatePrivateDnsNamespaceRequest$, (input) =>
      this.#update({ type: 'DNS_PRIVATE', ...target(input), ...dnsChange(input.Namespace) }),
    ),
    UpdatePublicDnsNamespace: operation<UpdatePublicDnsNamespaceRequest>(UpdatePublicDnsNamespaceRequest$, (input) =>
      this.#update({ type: 'DNS_PUBLIC', ...target(input), ...dnsChange(input.Namespace) }),
    ),
    DeleteNamespace: operation<DeleteNamespaceRequest>(DeleteNamespaceRequest$, (input) => this.#delete(input)),
    GetNamespace: operation<GetNamespaceRequest>(GetNamespaceRequest$, ({ Id }) => ({
      Namespace: namespaceOutput(this.#state, this.#state.namespace(Id)),
    })),
    ListNamespaces: operation<ListNamespacesRequest>(ListNamespacesRequest$, (input) => this.#list(input)),
  };

  constructor(state: CloudMapState, operations: Operations) {
    this.#state = state;
    this.#operations = operations;
  }

  /** An active HTTP namespace at once, without an operation: ECS makes those for clusters and Service Connect. */
  makeHttp(name: string): NamespaceRecord {
    const record = this.#record({ type: 'HTTP', name, description: undefined, creatorRequestId: undefined, tags: [] });
    record.phase = 'active';
    return record;
  }

  #create(creation: Creation): object {
    const { type, name, creatorRequestId: token } = creation;
    checkText({ at: 'description', value: creation.description, rule: 'description' });
    checkText({ at: 'creatorRequestId', value: token, rule: 'resourceId' });
    checkRange({ at: 'properties.dnsProperties.soa.ttl', value: creation.soaTtl, min: 0, max: 2_147_483_647 });
    // Two zones of one name can stand beside each other only in different VPCs.
    const subject = `${type}/${name}/${creation.vpc ?? ''}`;
    const underWay = this.#operations.existing(subject, token);
    if (underWay !== undefined) return { OperationId: underWay };
    const same = [...this.#state.namespaces.values()].find(
      (other) => other.type === type && other.name === name && other.vpc === creation.vpc,
    );
    if (same) throw alreadyExists(same);
    const record = this.#record(creation);
    const OperationId = this.#operations.submit({
      type: 'CREATE_NAMESPACE',
      targets: { NAMESPACE: record.id },
      subject,
      token,
      takes: TAKES[type],
      effect: () => {
        record.phase = 'active';
        return undefined;
      },
    });
    return { OperationId };
  }

  #record(creation: Creation): NamespaceRecord {
    const { scope } = this.#state;
    const tags = newTags(creation.tags);
    const id = `ns-${randomString(scope.random, 16, '0123456789abcdefghijklmnopqrstuvwxyz')}`;
    const dns = creation.type !== 'HTTP';
    const record: NamespaceRecord = {
      id,
      arn: arnOf(scope, 'servicediscovery', `namespace/${id}`),
      name: creation.name,
      httpName: this.#httpName(creation.name),
      type: creation.type,
      createdAt: scope.clock.now(),
      creatorRequestId: creation.creatorRequestId,
      hostedZoneId: dns ? `Z${randomString(scope.random, 20, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')}` : undefined,
      vpc: creation.vpc,
      description: creation.description,
      soaTtl: dns ? (creation.soaTtl ?? SOA_TTL) : undefined,
      tags,
      phase: 'creating',
    };
    this.#state.namespaces.set(id, record);
    return record;
  }

  /** DiscoverInstances finds a namespace by this name, so a second use of a name gets a hash (model of the call). */
  #httpName(name: string): string {
    const taken = [...this.#state.namespaces.values()].some((other) => other.httpName === name);
    return taken ? `${name}-${randomString(this.#state.scope.random, 16)}` : name;
  }

  #update(update: Update): object {
    checkText({ at: 'updaterRequestId', value: update.updaterRequestId, rule: 'resourceId' });
    checkText({ at: 'namespace.description', value: update.description, rule: 'description' });
    checkRange({ at: 'namespace.properties.dnsProperties.soa.ttl', value: update.soaTtl, min: 0, max: 2_147_483_647 });
    const record = this.#state.namespace(update.id);
    if (record.type !== update.type) {
      throw invalidInput(`Namespace ${record.id} is of type ${record.type}, not ${update.type}.`);
    }
    const OperationId = this.#operations.submit({
      type: 'UPDATE_NAMESPACE',
      targets: { NAMESPACE: record.id },
      subject: record.id,
      token: update.updaterRequestId,
      takes: TAKES.update,
      effect: () => {
        if (update.description !== undefined) record.description = update.description || undefined;
        if (update.soaTtl !== undefined) record.soaTtl = update.soaTtl;
        return undefined;
      },
    });
    return { OperationId };
  }

  #delete({ Id }: Checked<DeleteNamespaceRequest>): object {
    const record = this.#state.namespace(Id);
    if (this.#state.servicesIn(record.id).length > 0) {
      throw new AwsError({
        code: 'ResourceInUse',
        message: `Namespace ${record.id} contains services. Delete the services before you delete the namespace.`,
      });
    }
    const OperationId = this.#operations.submit({
      type: 'DELETE_NAMESPACE',
      targets: { NAMESPACE: record.id },
      subject: record.id,
      takes: TAKES[record.type],
      effect: () => {
        this.#state.namespaces.delete(record.id);
        return undefined;
      },
    });
    record.phase = 'deleting';
    return { OperationId };
  }

  #list({ Filters = [], MaxResults, NextToken }: Checked<ListNamespacesRequest>): object {
    checkRange({ at: 'maxResults', value: MaxResults, min: 1, max: 100 });
    const matchers = Filters.map((filter) => namespaceMatcher(filter));
    const page = pageOf({
      all: [...this.#state.namespaces.values()].filter(
        (record) => record.phase !== 'creating' && matchers.every((matches) => matches(record)),
      ),
      keyOf: (record) => record.id,
      maxResults: MaxResults ?? 100,
      nextToken: NextToken,
      invalidTokenCode: 'InvalidInput',
    });
    return {
      Namespaces: page.items.map((record) => namespaceSummary(this.#state, record)),
      ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
    };
  }
}

function common(input: Checked<CreateHttpNamespaceRequest>) {
  return {
    name: input.Name,
    description: input.Description,
    creatorRequestId: input.CreatorRequestId,
    tags: input.Tags,
  };
}

function target(input: { readonly Id: string; readonly UpdaterRequestId?: string | undefined }) {
  return { id: input.Id, updaterRequestId: input.UpdaterRequestId };
}

function dnsChange(change: Checked<UpdatePrivateDnsNamespaceRequest>['Namespace']) {
  return { description: change.Description, soaTtl: change.Properties?.DnsProperties.SOA.TTL };
}

function alreadyExists(record: NamespaceRecord): AwsError {
  return new AwsError({
    code: 'NamespaceAlreadyExists',
    message: `Namespace ${record.name} already exists (${record.id}).`,
    fields: { NamespaceId: record.id, CreatorRequestId: record.creatorRequestId ?? '' },
  });
}
