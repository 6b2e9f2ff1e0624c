import type { Subresource } from './registry/resource.ts';

/** What a request's path names. */
export interface RequestTarget {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Undefined: all namespaces, or a type that has none. */
  readonly namespace: string | undefined;
  /** Undefined: the collection. */
  readonly name: string | undefined;
  readonly subresource: Subresource | 'finalize' | 'other' | undefined;
}

/** Reads the path of a resource request; undefined when it is none. */
export function requestTarget(path: string): RequestTarget | undefined {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return undefined;
  const [group = '', version = '', ...rest] = isCore ? ['', ...parts.slice(1)] : parts.slice(1);
  if (rest.length === 0) return undefined;
  // `namespaces/x` alone is the namespace itself.
  const isInNamespace = rest[0] === 'namespaces' && rest.length > 2 && !isSubresource(rest[2]);
  const [plural = '', name, subresource] = isInNamespace ? rest.slice(2) : rest;
  if (rest.length > (isInNamespace ? 5 : 3)) return undefined;
  return {
    group,
    version,
    plural,
    name,
    namespace: isInNamespace ? rest[1] : undefined,
    subresource: read(subresource),
  };
}

function isSubresource(text: string | undefined): boolean {
  return text === 'finalize' || text === 'status';
}

function read(text: string | undefined): RequestTarget['subresource'] {
  if (text === undefined) return undefined;
  return text === 'status' || text === 'scale' || text === 'finalize' ? text : 'other';
}
