import type { AwsService } from '../../../src/aws/send.ts';
import type { EcsControls } from '../../../src/fake-aws/ecs/controls.ts';
import type { FakeAws } from '../../../src/fake-aws/fake-aws.ts';

/** AWS as others see it: its own console, another tool, its own scheduler. At once, past all faults. */
export class Aws {
  readonly #fake: FakeAws;

  constructor(fake: FakeAws) {
    this.#fake = fake;
  }

  /** A call of somebody else. @throws AwsError as AWS would answer it. */
  call(service: AwsService, operation: string, input: object): object {
    const { accountId, defaultRegion: region } = this.#fake;
    return this.#fake.handle({ service, operation, input, accountId, region });
  }

  /** What no call of AWS does: tasks that die, capacity that runs out, values that change by themselves. */
  get controls(): EcsControls {
    return this.#fake.region().ecs;
  }

  /** All that AWS holds. */
  state(): AwsState {
    const { accountId, defaultRegion } = this.#fake;
    const snapshot = this.#fake.snapshot()[`${accountId}/${defaultRegion}`];
    // Safe: this is what the snapshots of the fake's services are made of; a missing region holds nothing.
    return (snapshot ?? { ecs: NO_ECS, servicediscovery: { namespaces: [], services: [] } }) as AwsState;
  }
}

const NO_ECS = { clusters: [], taskDefinitions: [], capacityProviders: [] };

/** Any part of AWS's state. */
export type AwsRecord = Readonly<Record<string, unknown>>;
type Tagged = AwsRecord & { readonly tags?: readonly { readonly key?: string; readonly value?: string }[] };

/** What the fake holds, as far as judges and scenarios look. */
export interface AwsState {
  readonly ecs: {
    readonly clusters: readonly (Tagged & {
      readonly clusterName: string;
      readonly clusterArn: string;
      readonly status: string;
      readonly services: readonly EcsServiceState[];
      readonly tasks: readonly AwsRecord[];
    })[];
    readonly taskDefinitions: readonly (Tagged & {
      readonly taskDefinitionArn: string;
      readonly family: string;
      readonly revision: number;
      readonly status: string;
      readonly containerDefinitions: readonly (AwsRecord & { readonly image: string })[];
    })[];
  };
  readonly servicediscovery: {
    readonly namespaces: readonly (AwsRecord & {
      readonly id: string;
      readonly arn: string;
      readonly name: string;
      readonly phase: string;
      readonly tags: Readonly<Record<string, string>>;
    })[];
    readonly services: readonly (AwsRecord & {
      readonly id: string;
      readonly arn: string;
      readonly name: string;
      readonly tags: Readonly<Record<string, string>>;
      readonly instances: readonly AwsRecord[];
    })[];
  };
}

type EcsServiceState = Tagged & {
  readonly serviceName: string;
  readonly serviceArn: string;
  readonly status: string;
  readonly taskDefinition?: string;
  readonly deployments: readonly AwsRecord[];
  readonly serviceDeployments: readonly AwsRecord[];
};
