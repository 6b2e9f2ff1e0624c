import { isList, isObject, type Json, type JsonObject, memberOf, type Structure } from './shape.ts';

/** Members of other requests that people paste. */
const FROM_OTHER_REQUESTS: Readonly<Record<string, string>> = {
  'CreateServiceRequest.service': 'that is an UpdateService request; write serviceName instead',
  'CreateServiceRequest.count': 'that is a RunTask request; write desiredCount instead',
  'CreateServiceRequest.overrides': 'that is a RunTask request; put them into the task definition',
};

/** What to say about a member that AWS does not have here. */
export function unknownMember(name: string, shape: Structure): string {
  const other = FROM_OTHER_REQUESTS[`${shape.name}.${name}`];
  if (other !== undefined) return `is not a member of AWS's ${shape.name}: ${other}`;
  const meant = closest(name, Object.keys(shape.members));
  const hint = meant === undefined ? 'remove it' : `did you mean ${meant}?`;
  return `is not a member of AWS's ${shape.name}; ${hint}`;
}

export interface WrapperHint {
  readonly member: string;
  readonly message: string;
}

/**
 * Whether a spec is the wrapper that describe calls print (`{taskDefinition: {…}}`, `{services: […]}`) rather than what
 * is inside it: a member that is not this shape's, but whose own members are.
 */
export function wrapperHint(spec: JsonObject, shape: Structure, own: ReadonlySet<string>): WrapperHint | undefined {
  for (const [name, value] of Object.entries(spec)) {
    const member = memberOf(shape, name);
    // A service has a member taskDefinition of its own, which is a text.
    if (own.has(name) || (member !== undefined && member.shape.type !== 'string')) continue;
    const inside = isList(value) ? value[0] : value;
    if (inside === undefined || !looksLike(inside, shape)) continue;
    const which = isList(value) ? `one item of ${name}` : name;
    return { member: name, message: `is the wrapper that AWS prints; paste what is inside ${which} instead` };
  }
  return undefined;
}

function looksLike(value: Json, shape: Structure): boolean {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  const known = names.filter((name) => memberOf(shape, name) !== undefined);
  return known.length >= 2 && known.length * 2 >= names.length;
}

/** The name that differs by its case alone, or by at most two letters. */
function closest(name: string, candidates: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const limit = name.length < 6 ? 1 : 2;
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
