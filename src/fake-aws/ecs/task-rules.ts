import type { TaskRecord } from './records.ts';

/** Which tasks a rule is for: all of its members must fit; patterns are regular expressions. */
interface TaskMatch {
  /** Fits when any container's image does. */
  readonly image?: string;
  readonly family?: string;
  readonly cluster?: string;
  readonly service?: string;
}

/** What becomes of a task that a rule is for. */
export type TaskFate =
  /** Never gets RUNNING: `CannotPullContainerError: …` and the like. */
  | { readonly kind: 'start-failure'; readonly reason?: string }
  /** Gets RUNNING, then its first essential container exits. */
  | { readonly kind: 'exit'; readonly exitCode: number; readonly afterMs?: number; readonly reason?: string }
  /** Gets RUNNING, and fails its health check (container's or target group's). */
  | { readonly kind: 'unhealthy' }
  /** Stays PENDING. */
  | { readonly kind: 'hang' };

export interface TaskRule {
  readonly match: TaskMatch;
  readonly fate: TaskFate;
}

/** The rules that tests and people give the fake; the newest that fits counts. */
export class TaskRules {
  readonly #rules = new Map<
    number,
    { readonly rule: TaskRule; readonly tests: readonly ((task: TaskRecord) => boolean)[] }
  >();
  #next = 1;

  /**
   * @returns the rule's number, for `remove`.
   * @throws SyntaxError for a pattern that is no regular expression.
   */
  add(rule: TaskRule): number {
    const { image, family, cluster, service } = rule.match;
    const tests: ((task: TaskRecord) => boolean)[] = [];
    if (image !== undefined) {
      const pattern = new RegExp(image);
      tests.push((task) => task.containers.some((container) => pattern.test(container.image)));
    }
    const byName = (pattern: string | undefined, nameOf: (task: TaskRecord) => string) => {
      if (pattern === undefined) return;
      const compiled = new RegExp(pattern);
      tests.push((task) => compiled.test(nameOf(task)));
    };
    byName(family, (task) => task.definition.family);
    byName(cluster, (task) => task.cluster.name);
    byName(service, (task) => task.service?.name ?? '');
    this.#rules.set(this.#next, { rule, tests });
    return this.#next++;
  }

  remove(number: number): void {
    this.#rules.delete(number);
  }

  clear(): void {
    this.#rules.clear();
  }

  list(): { readonly number: number; readonly rule: TaskRule }[] {
    return [...this.#rules].map(([number, { rule }]) => ({ number, rule }));
  }

  fateOf(task: TaskRecord): TaskFate | undefined {
    if (this.#rules.size === 0) return undefined;
    return [...this.#rules.values()].findLast(({ tests }) => tests.every((fits) => fits(task)))?.rule.fate;
  }
}
