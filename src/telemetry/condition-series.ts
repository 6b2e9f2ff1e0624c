/** What the series need of a condition. */
export interface ConditionValue {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
}

const NAME = 'ecs_operator_resource_condition';

/**
 * `ecs_operator_resource_condition{kind,namespace,name,type}`: one series for each condition, 1 when True, else 0.
 * Kept as one short text per object rather than as prom-client's series, which cost about half a kilobyte each.
 */
export class ConditionSeries {
  readonly #limit: number;
  /** `kind\nnamespace\nname` → e.g. `Ready=1 Synced=1`. */
  readonly #objects = new Map<string, string>();
  /** A few texts serve all objects, so each is held once. */
  readonly #texts = new Map<string, string>();

  /** @param limit with more objects than this no series are given: too many for most Prometheus servers. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param conditions undefined once the object is gone. */
  set(
    object: { readonly kind: string; readonly namespace: string | undefined; readonly name: string },
    conditions: readonly ConditionValue[] | undefined,
  ): void {
    if (this.#limit === 0) return;
    const key = `${object.kind}\n${object.namespace ?? ''}\n${object.name}`;
    if (conditions === undefined) {
      this.#objects.delete(key);
      return;
    }
    const text = conditions.map(({ type, status }) => `${type}=${status === 'True' ? 1 : 0}`).join(' ');
    const shared = this.#texts.get(text) ?? text;
    this.#texts.set(shared, shared);
    this.#objects.set(key, shared);
  }

  /** In Prometheus's text format, with a newline at its end; only head and type while there are too many objects. */
  text(): string {
    const lines = [`# HELP ${NAME} A condition of an object: 1 when it is True, else 0.`, `# TYPE ${NAME} gauge`];
    if (this.#objects.size <= this.#limit) {
      for (const [key, text] of this.#objects) {
        const [kind, namespace, name] = key.split('\n');
        for (const condition of text === '' ? [] : text.split(' ')) {
          const [type, value] = condition.split('=');
          lines.push(`${NAME}{kind="${kind}",namespace="${namespace}",name="${name}",type="${type}"} ${value}`);
        }
      }
    }
    return `${lines.join('\n')}\n`;
  }
}
