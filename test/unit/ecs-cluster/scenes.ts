import { expect } from 'vitest';
import type { Operation } from '../../../src/aws/operations.ts';
import type { FakeServiceName } from '../../../src/fake-aws/core/request.ts';
import { FakeAws } from '../../../src/fake-aws/fake-aws.ts';
import { ecsCluster } from '../../../src/kinds/ecs-cluster/index.ts';
import type { EcsClusterSpec } from '../../../src/kinds/ecs-cluster/schema.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { type Loose, OneObject, type Surroundings } from '../reconcile/one-object.ts';

/** An account, and what a person does in it. */
export class EcsWorld {
  readonly clock = new VirtualClock();
  readonly fake = new FakeAws({ clock: this.clock, random: seededRandom(1) });

  /** A call as a person makes it, noted nowhere. */
  aws(operation: string, input: object = {}, service: FakeServiceName = 'ecs'): Loose {
    const { accountId, defaultRegion: region } = this.fake;
    return this.fake.handle({ service, operation, input, accountId, region });
  }

  around(more: Partial<Surroundings> = {}): Surroundings {
    return {
      clock: this.clock,
      aws: (operation: Operation, input) => {
        const dot = operation.indexOf('.');
        // Safe: operations are named by the services that the fake has.
        return this.aws(operation.slice(dot + 1), input, operation.slice(0, dot) as FakeServiceName);
      },
      ...more,
    };
  }

  /** What DescribeClusters shows; undefined when it is not ACTIVE. */
  cluster(name = 'main'): Loose {
    const include = ['TAGS', 'SETTINGS', 'CONFIGURATIONS'];
    const [found] = this.aws('DescribeClusters', { clusters: [name], include }).clusters;
    return found?.status === 'ACTIVE' ? found : undefined;
  }

  tags(name = 'main'): Record<string, string> {
    return Object.fromEntries(this.cluster(name).tags.map(({ key, value }: Loose) => [key, value]));
  }

  /** An Auto Scaling group's capacity provider. */
  provider(name: string): string {
    const group = 'arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:0:autoScalingGroupName/a';
    this.aws('CreateCapacityProvider', { name, autoScalingGroupProvider: { autoScalingGroupArn: group } });
    return name;
  }
}

export function oneCluster(world = new EcsWorld(), more: { around?: Partial<Surroundings>; uid?: string } = {}) {
  const { around, ...rest } = more;
  return new OneObject({ kind: ecsCluster, around: world.around(around), name: 'main', ...rest });
}

/** A cluster that is Ready; what was called until then is forgotten. */
export async function readyCluster(spec: EcsClusterSpec, world = new EcsWorld()) {
  const cluster = oneCluster(world);
  cluster.apply(spec);
  await cluster.converge();
  expect(cluster.condition('Ready'), JSON.stringify(cluster.status)).toMatchObject({ status: 'True' });
  cluster.forget();
  return { cluster, world };
}
