import type { AwsSend } from '../../../src/aws/send.ts';
import type { OperatorOptions, OperatorSettings } from '../../../src/operator-options.ts';
import type { Random } from '../../../src/runtime/random.ts';
import type { Injector } from '../faults/injector.ts';
import { InMemoryKubeApi } from '../kube-api/in-memory-kube-api.ts';
import { operatorCrds } from '../kube-api/installed-crds.ts';
import type { StorageEvent } from '../kube-api/storage.ts';
import type { Call, CallEnd } from './calls.ts';
import { kindOf } from './crd-kind.ts';
import { KubeNetwork } from './kube-network.ts';
import { latency } from './latency.ts';
import { NAMESPACE } from './names.ts';
import { Person } from './person.ts';
import { Replica, type RunnableOperator } from './replica.ts';
import { stream } from './seeds.ts';
import type { SimProcess } from './sim-process.ts';
import type { World } from './world.ts';

export interface SimClusterOptions {
  readonly world: World;
  /** Empty for the first, so that nothing in its traces and seeds tells that there can be another. */
  readonly name: string;
  readonly seed: number;
  readonly injector: Injector;
  readonly settings: Partial<OperatorSettings>;
  /** How many operators run at once; more than one elect a leader. */
  readonly operators: number;
  readonly namespaces: readonly string[];
  readonly withoutCrds: readonly string[];
  readonly operator: (options: OperatorOptions) => RunnableOperator;
  /** The way to AWS, which all clusters share. */
  readonly send: (process: SimProcess, chance: Random) => AwsSend;
  readonly begin: (call: Omit<Call, 'index' | 'at'>) => Call;
  readonly ended: (end: CallEnd) => void;
  /** Gives a watch event its index. */
  readonly nextEvent: () => number;
  readonly changed: (change: StorageEvent, cluster: SimCluster) => void;
}

/** One Kubernetes cluster of a world: its API server, the network to it, its operators, and a person with kubectl. */
export class SimCluster {
  readonly name: string;
  readonly api: InMemoryKubeApi;
  readonly replicas: readonly Replica[];
  readonly person: Person;

  constructor(options: SimClusterOptions) {
    const { world, name, seed, injector, operators, begin, ended, nextEvent } = options;
    const { clock } = world;
    this.name = name;
    this.api = new InMemoryKubeApi({
      clock,
      random: stream(seed, this.of('kubernetes')),
      namespaces: [NAMESPACE, ...options.namespaces],
      crds: operatorCrds().filter((crd) => !options.withoutCrds.includes(kindOf(crd))),
      onChange: (change) => options.changed(change, this),
    });
    const note = (line: string): void => world.trace.note(this.of(line));
    const network = new KubeNetwork({ api: this.api, clock, injector, begin, ended, nextEvent, note });
    this.replicas = Array.from({ length: operators }, (_, at) => {
      const replica = this.of(`op-${String.fromCharCode(97 + at)}`);
      return new Replica({
        world,
        cluster: name,
        name: replica,
        random: (part) => stream(seed, `${replica}/${part}`),
        settings: options.settings,
        elects: operators > 1,
        operator: options.operator,
        transport: (process, chance) => network.transportOf(process, latency(chance, 1, 8)),
        send: options.send,
      });
    });
    this.person = new Person(this.api, clock);
  }

  /** What its operators call themselves in the tags of what they own. */
  get installation(): string {
    const [id] = this.replicas.flatMap(({ settings }) => settings.installationId ?? []);
    return id ?? this.person.clusterUid();
  }

  /** Something of this cluster, so that it cannot be mistaken for the same of another. */
  of(text: string): string {
    return this.name === '' ? text : `${this.name}-${text}`;
  }
}
