import type { EcsObject } from './types.ts';

export interface NameInput {
  readonly object: EcsObject;
  /** The name that the person gave in AWS's own member. */
  readonly explicit: string | undefined;
  /** The account's; `{namespace}` and `{name}` stand for the object's. */
  readonly template: string | undefined;
}

/** AWS's name of an object: frozen in status once resolved, else the one given, else by the account's template. */
export function resolveName({ object, explicit, template = '{name}' }: NameInput): string {
  if (object.status?.name !== undefined) return object.status.name;
  if (explicit !== undefined && explicit !== '') return explicit;
  return template.replaceAll('{namespace}', object.metadata.namespace ?? '').replaceAll('{name}', object.metadata.name);
}
