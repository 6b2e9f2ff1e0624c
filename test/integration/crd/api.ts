import type { KindSchema } from '../../../src/kinds/schema/kind-schema.ts';
import { isObject, type Json, type JsonObject } from '../../../src/shape/shape.ts';
import { type TestCluster, uniqueName } from '../../harness/control-plane.ts';

/** What the API server said. */
export interface Answer {
  readonly accepted: boolean;
  /** Kubernetes' word for the kind of refusal, e.g. `Invalid`. */
  readonly reason: string;
  /** The whole message of a refusal. */
  readonly message: string;
  /** One for each thing that is wrong. */
  readonly causes: readonly string[];
}

/** How people send an object. */
export type Verb = 'create' | 'server-side apply';
export const VERBS: readonly Verb[] = ['create', 'server-side apply'];

export interface ApiOptions {
  readonly cluster: TestCluster;
  readonly kind: KindSchema;
  readonly namespace: string;
}

/** Objects of one kind on a real API server, sent as kubectl sends them: unknown members are refused. */
export class KindApi {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  object(name: string, spec: JsonObject): JsonObject {
    const { kind, namespace } = this.#options;
    const metadata = kind.scope === 'Cluster' ? { name } : { name, namespace };
    return { apiVersion: 'ecs-operator.dev/v1alpha1', kind: kind.kind, metadata, spec };
  }

  /** Asks whether a new object would be accepted, and keeps nothing. */
  tryNew(verb: Verb, spec: JsonObject, name = uniqueName()): Promise<Answer> {
    return verb === 'create'
      ? this.#send('POST', this.#path(), this.object(name, spec), { dryRun: 'All' })
      : this.#apply(this.object(name, spec), { dryRun: 'All' });
  }

  /** Makes an object by server-side apply, as one that later applies change. */
  make(name: string, spec: JsonObject): Promise<Answer> {
    return this.#apply(this.object(name, spec), {});
  }

  /** Applies over an object that is there; `dryRun` keeps it as it is. */
  apply(name: string, spec: JsonObject, options: { readonly dryRun: boolean }): Promise<Answer> {
    return this.#apply(this.object(name, spec), options.dryRun ? { dryRun: 'All' } : {});
  }

  /** As client-side apply does it: a merge patch that takes out what the new spec lacks. */
  mergePatch(name: string, before: JsonObject, spec: JsonObject): Promise<Answer> {
    const patch = { spec: mergePatch(before, spec) };
    return this.#send('PATCH', this.#path(name), patch, { dryRun: 'All' }, 'application/merge-patch+json');
  }

  /** Replaces an object that is there; again when somebody wrote it meanwhile: AwsAccounts are seen by all operators. */
  async put(name: string, spec: JsonObject): Promise<Answer> {
    for (;;) {
      const { metadata } = await this.get(name);
      const answer = await this.#send(
        'PUT',
        this.#path(name),
        { ...this.object(name, spec), ...(metadata !== undefined && { metadata }) },
        { dryRun: 'All' },
      );
      if (answer.accepted || answer.reason !== 'Conflict') return answer;
    }
  }

  async get(name: string): Promise<JsonObject> {
    const { body } = await this.#options.cluster.client.request({ method: 'GET', path: this.#path(name) });
    return body as JsonObject;
  }

  async remove(name: string): Promise<void> {
    await this.#options.cluster.client.request({ method: 'DELETE', path: this.#path(name) });
  }

  #apply(object: JsonObject, query: Readonly<Record<string, string>>): Promise<Answer> {
    const { name } = object.metadata as { readonly name: string };
    const all = { fieldManager: 'kubectl', ...query };
    return this.#send('PATCH', this.#path(name), object, all, 'application/apply-patch+yaml');
  }

  async #send(
    method: 'POST' | 'PATCH' | 'PUT',
    path: string,
    body: unknown,
    query: Readonly<Record<string, string>>,
    contentType = 'application/json',
  ): Promise<Answer> {
    const all = new URLSearchParams({ fieldValidation: 'Strict', ...query });
    const answer = await this.#options.cluster.client.request({ method, path: `${path}?${all}`, body, contentType });
    const status = answer.body as {
      readonly message?: string;
      readonly reason?: string;
      readonly details?: { readonly causes?: readonly { readonly message: string; readonly field?: string }[] };
    };
    if (answer.status < 300) return { accepted: true, reason: '', message: '', causes: [] };
    const said = status.message ?? JSON.stringify(answer.body);
    // Not a word about the object. A 500 may be one: server-side apply says so what it cannot read as the type.
    if (answer.status === 429 || answer.status > 500)
      throw new Error(`${method} ${path}: HTTP ${answer.status} ${said}`);
    const causes = status.details?.causes?.map(({ field = '', message }) => `${field}: ${message}`) ?? [];
    return { accepted: false, reason: status.reason ?? '', message: said, causes };
  }

  #path(name?: string): string {
    const { kind, namespace } = this.#options;
    const scope = kind.scope === 'Cluster' ? '' : `/namespaces/${namespace}`;
    return `/apis/ecs-operator.dev/v1alpha1${scope}/${kind.plural}${name === undefined ? '' : `/${name}`}`;
  }
}

/** What kubectl computes from what was applied before: null for what is no longer there. */
function mergePatch(before: JsonObject, after: JsonObject): JsonObject {
  const patch: Record<string, Json> = {};
  for (const name of Object.keys(before)) if (!(name in after)) patch[name] = null;
  for (const [name, value] of Object.entries(after)) {
    const former = before[name];
    patch[name] = isObject(value) && isObject(former) ? mergePatch(former, value) : value;
  }
  return patch;
}
