import type { GrantRequest } from '../../reconcile/kind.ts';
import { isList, isObject, type Json, type JsonObject } from '../../shape/shape.ts';

/** AWS's names for a role that the caller hands on to ECS, which needs iam:PassRole. */
const ROLE_MEMBERS = new Set(['role', 'roleArn', 'taskRoleArn', 'executionRoleArn']);

/** Every role that a request names, wherever in it: each has to be granted. `prefix` stands before the paths. */
export function roleGrants(request: JsonObject, prefix = ''): readonly GrantRequest[] {
  return [...rolesIn(request, prefix)];
}

function* rolesIn(value: Json, path: string): Generator<GrantRequest> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) yield* rolesIn(item, `${path}[${index}]`);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const inner = path === '' ? name : `${path}.${name}`;
    if (ROLE_MEMBERS.has(name) && typeof member === 'string') yield { kind: 'passRole', path: inner, roleArn: member };
    else yield* rolesIn(member, inner);
  }
}
