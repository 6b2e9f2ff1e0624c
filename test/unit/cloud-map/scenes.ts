import { expect } from 'vitest';
import type { Operation } from '../../../src/aws/operations.ts';
import type { FakeServiceName } from '../../../src/fake-aws/core/request.ts';
import { FakeAws } from '../../../src/fake-aws/fake-aws.ts';
import { cloudMapNamespace } from '../../../src/kinds/cloud-map-namespace/index.ts';
import type { CloudMapNamespaceSpec } from '../../../src/kinds/cloud-map-namespace/schema.ts';
import { cloudMapService } from '../../../src/kinds/cloud-map-service/index.ts';
import type { CloudMapServiceSpec } from '../../../src/kinds/cloud-map-service/schema.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { type Loose, OneObject, type Surroundings } from '../reconcile/one-object.ts';

/** A Cloud Map, and what a person does in it. */
export class CloudMapWorld {
  readonly clock = new VirtualClock();
  readonly #failures = new Map<string, object>();
  #failing: string | undefined;
  readonly #fake = new FakeAws({ clock: this.clock, random: seededRandom(1) });

  /** A call as a person makes it, noted nowhere. */
  call(operation: string, input: object = {}, service: FakeServiceName = 'servicediscovery'): Loose {
    const { accountId, defaultRegion: region } = this.#fake;
    return this.#fake.handle({ service, operation, input, accountId, region });
  }

  /** From now on creations of namespaces are taken on and fail, as AWS's do when Route 53 refuses; undefined ends it. */
  failCreations(message: string | undefined): void {
    this.#failing = message;
  }

  around(more: Partial<Surroundings> = {}): Surroundings {
    return { clock: this.clock, aws: (operation, input) => this.#answer(operation, input), ...more };
  }

  #answer(operation: Operation, input: Loose): Loose {
    const name = operation.slice(operation.indexOf('.') + 1);
    if (this.#failing !== undefined && /^Create.*Namespace$/.test(name)) {
      const id = `failed-${this.#failures.size}`;
      this.#failures.set(id, {
        Id: id,
        Type: 'CREATE_NAMESPACE',
        Status: 'FAIL',
        ErrorCode: 'CANNOT_CREATE_HOSTED_ZONE',
        ErrorMessage: this.#failing,
        UpdateDate: new Date(this.clock.now()),
      });
      return { OperationId: id };
    }
    const failure = name === 'GetOperation' ? this.#failures.get(input.OperationId) : undefined;
    return failure === undefined ? this.call(name, input) : { Operation: failure };
  }

  /** A namespace that a person made. @returns its id. */
  namespace(operation = 'CreateHttpNamespace', input: object = { Name: 'shop' }): string {
    const { OperationId } = this.call(operation, input);
    this.clock.advance(60_000);
    return this.call('GetOperation', { OperationId }).Operation.Targets.NAMESPACE;
  }

  namespaces(): Loose[] {
    return this.call('ListNamespaces').Namespaces;
  }

  services(): Loose[] {
    return this.call('ListServices').Services;
  }

  service(id: string | undefined): Loose {
    return this.call('GetService', { Id: id }).Service;
  }

  tags(arn: string | undefined): Record<string, string> {
    const { Tags } = this.call('ListTagsForResource', { ResourceARN: arn });
    return Object.fromEntries(Tags.map(({ Key, Value }: Loose) => [Key, Value]));
  }
}

export function oneNamespace(world = new CloudMapWorld(), more: { name?: string; uid?: string } = {}) {
  return new OneObject({ kind: cloudMapNamespace, around: world.around(), name: 'shop', ...more });
}

export function oneService(world: CloudMapWorld, more: { name?: string; uid?: string } = {}) {
  return new OneObject({ kind: cloudMapService, around: world.around(), name: 'orders', ...more });
}

/** A namespace that is Ready; what was called until then is forgotten. */
export async function readyNamespace(spec: CloudMapNamespaceSpec, world = new CloudMapWorld()) {
  const namespace = oneNamespace(world);
  namespace.apply(spec);
  await namespace.converge();
  expect(namespace.condition('Ready'), JSON.stringify(namespace.status)).toMatchObject({ status: 'True' });
  namespace.forget();
  return namespace;
}

/** A service that is Ready in a namespace that a person made; what was called until then is forgotten. */
export async function readyService(
  spec: Partial<CloudMapServiceSpec>,
  world = new CloudMapWorld(),
  namespaceId?: string,
) {
  const service = oneService(world);
  const id = namespaceId ?? world.namespace('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-1' });
  const apply = (next: Partial<CloudMapServiceSpec>) => service.apply({ namespaceId: id, ...next });
  apply(spec);
  await service.converge();
  expect(service.condition('Ready'), JSON.stringify(service.status)).toMatchObject({ status: 'True' });
  service.forget();
  return { service, apply, world, namespaceId: id };
}
