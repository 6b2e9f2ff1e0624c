import { member, text } from '../../src/devcluster/json.ts';
import { type DiscoveredAction, type Health, textOf } from './customizations.ts';
import type { LuaSandbox } from './lua-sandbox.ts';

type Json = Readonly<Record<string, unknown>>;

/** Argo CD takes any other status for an error in the script. */
const STATUSES = ['Unknown', 'Progressing', 'Suspended', 'Healthy', 'Degraded', 'Missing'];

/** What Argo CD's ExecuteHealthLua makes of an object. @throws when it would call the script's answer invalid. */
export function healthOf(lua: LuaSandbox, kind: string, obj: unknown): Health {
  const result = lua.run(textOf(kind, 'health.lua'), obj);
  const status = text(member(result, 'status'));
  const message = text(member(result, 'message'));
  if (status === undefined || !STATUSES.includes(status))
    throw new Error(`an invalid status: ${JSON.stringify(result)}`);
  return { status, ...(message !== undefined && { message }) };
}

/** ExecuteResourceActionDiscovery, sorted by name. */
export function discover(lua: LuaSandbox, kind: string, obj: unknown): readonly DiscoveredAction[] {
  const found = lua.run(textOf(kind, 'actions/discovery.lua'), obj);
  return Object.entries(found ?? {})
    .map(([name, settings]) => ({ name, disabled: false, ...settings }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** ExecuteResourceAction: the object as it shall be. */
export function act(lua: LuaSandbox, options: { readonly kind: string; readonly action: string; readonly obj: Json }) {
  const { kind, action, obj } = options;
  // Safe: an action returns the object that it was given.
  const changed = lua.run(textOf(kind, `actions/${action}/action.lua`), obj) as Json;
  return cleaned(changed, obj);
}

/** cleanReturnedObj: an empty table that was an object before stays that object, whatever the script meant. */
function cleaned(changed: Json, before: Json): Json {
  return Object.fromEntries(Object.entries(changed).map(([key, value]) => [key, cleanedValue(value, before[key])]));
}

function cleanedValue(value: unknown, before: unknown): unknown {
  if (Array.isArray(value)) {
    if (isObject(before)) return value.length === 0 ? before : value;
    return Array.isArray(before) ? value.map((one, at) => cleanedValue(one, before[at])) : value;
  }
  return isObject(value) && isObject(before) ? cleaned(value, before) : value;
}

/** The JSON merge patch that Argo CD's API server sends for an action. */
export function mergePatch(before: Json, after: Json): Json {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key], after[key]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    if (!(key in after)) patch[key] = null;
    else patch[key] = isObject(was) && isObject(is) ? mergePatch(was, is) : is;
  }
  return patch;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
