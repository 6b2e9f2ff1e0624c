import { isList, isObject, type Json, type JsonDraft, type JsonObject } from '../json.ts';
import type { Answer } from './wire.ts';

/**
 * Makes the answers of two API servers comparable: what each makes up (UIDs, versions, times) becomes the order in
 * which it appeared, and what has no order (managers, causes) is sorted.
 */
export class Normaliser {
  readonly #seen = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  answer({ code, body }: Answer): Json {
    return [code, body.kind === 'Status' ? this.#status(body) : this.object(body)];
  }

  object(object: JsonObject): Json {
    const metadata = isObject(object.metadata) ? this.#metadata(object.metadata) : null;
    return { ...(this.#value(object) as JsonObject), metadata };
  }

  #metadata(metadata: JsonObject): Json {
    const { uid, resourceVersion, creationTimestamp, deletionTimestamp, managedFields, ...rest } = metadata;
    return {
      ...rest,
      ...(uid !== undefined && { uid: this.#name('uid', uid) }),
      ...(resourceVersion !== undefined && { resourceVersion: this.#name('version', resourceVersion) }),
      ...(creationTimestamp !== undefined && { creationTimestamp: 'some time' }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp: 'some time' }),
      ...(managedFields !== undefined && { managedFields: sorted(this.#managers(managedFields)) }),
    };
  }

  #managers(entries: Json): readonly Json[] {
    if (!isList(entries)) return [];
    return entries.map((entry) => (isObject(entry) && 'time' in entry ? { ...entry, time: 'some time' } : entry));
  }

  #status(status: JsonObject): Json {
    const details = isObject(status.details) ? status.details : {};
    const told = isList(details.causes) ? details.causes.map((cause) => this.#value(cause)) : [];
    // Kubernetes tells some twice.
    const causes = [...new Set(sorted(told).map(canonical))];
    const { message, ...rest } = status;
    const { uid, ...others } = details;
    return {
      ...rest,
      // Several causes are told in any order.
      ...(causes.length <= 1 && { message: this.#value(message ?? '') }),
      details: {
        ...others,
        ...(uid !== undefined && { uid: this.#name('uid', uid) }),
        causes,
      },
    };
  }

  #value(value: Json): Json {
    if (typeof value === 'string') return this.#text(value);
    if (isList(value)) return value.map((item) => this.#value(item));
    if (!isObject(value)) return value;
    const out: JsonDraft = {};
    for (const [name, inner] of Object.entries(value)) out[name] = this.#value(inner);
    return out;
  }

  /** What was made up also stands in messages. */
  #text(text: string): string {
    let plain = text;
    for (const [id, name] of this.#seen) {
      if (id.length >= 36) plain = plain.replaceAll(id, name);
    }
    return plain
      .replaceAll(/\/registry\/\S+/g, '/registry/…')
      .replace(/^(failed to create typed patch object \(.*?\)): .*$/s, '$1: the first of several errors, in any order');
  }

  #name(what: string, value: Json): string {
    const id = String(value);
    const known = this.#seen.get(id);
    if (known !== undefined) return known;
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    const name = `${what} ${count}`;
    this.#seen.set(id, name);
    return name;
  }
}

function sorted(values: readonly Json[]): readonly Json[] {
  return [...values].sort((one, other) => (canonical(one) < canonical(other) ? -1 : 1));
}

/** The same text for the same value, whatever the order of its members. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
