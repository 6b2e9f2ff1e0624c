import type { ObjectName } from '../kube/resource-path.ts';

declare const brand: unique symbol;

/** `namespace/name`, or `name` for cluster-scoped kinds. Made by `objectKey` only. */
export type ObjectKey = string & { readonly [brand]: 'ObjectKey' };

/** The key of an object or of a reference to one. */
export function objectKey(object: ObjectName): ObjectKey {
  // The one place where the brand is given.
  return (object.namespace ? `${object.namespace}/${object.name}` : object.name) as ObjectKey;
}

/** The opposite of `objectKey`: neither a namespace nor a name can hold a slash. */
export function splitKey(key: ObjectKey): { readonly namespace?: string; readonly name: string } {
  const slash = key.indexOf('/');
  return slash === -1 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
