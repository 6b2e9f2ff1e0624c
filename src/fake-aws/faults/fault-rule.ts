/** Which calls a rule is for; what is left out matches everything. */
interface FaultMatch {
  /** `ecs`, `servicediscovery` or `sts`. */
  readonly service?: string;
  /** AWS's name, e.g. `CreateService`; one that ends in `*` matches what starts so. */
  readonly operation?: string;
  /** Text that the input has to hold, e.g. a service's name. */
  readonly name?: string;
  readonly accountId?: string;
  readonly region?: string;
}

/** When a matching call is hit. */
interface FaultTiming {
  /** From the nth matching call on, counted from 1. */
  readonly nth?: number;
  /** How many calls are hit; without it one where `nth` is given, else all. */
  readonly times?: number;
  /** The chance of each matching call to be hit, from 0 to 1. */
  readonly chance?: number;
}

/** What happens to a call. */
export type FaultEffect =
  /** Refused with this error, without any effect. */
  | { readonly kind: 'fail'; readonly code: string; readonly message?: string; readonly status?: number }
  /** Refused as AWS refuses what comes too fast. */
  | { readonly kind: 'throttle' }
  /** The connection is cut, without any effect. */
  | { readonly kind: 'reset' }
  /** Takes effect, and the connection is cut: the caller cannot know. */
  | { readonly kind: 'lose' }
  /** Takes effect, and is answered with this error. */
  | { readonly kind: 'fail-after'; readonly code: string; readonly message?: string; readonly status?: number }
  /** Waits so many milliseconds of the clock: before the effect, or with `after` between the effect and the answer. */
  | { readonly kind: 'delay'; readonly ms: number; readonly after?: boolean }
  /** A read answers as of so many milliseconds ago: what was just made is missing, what was just changed is old. */
  | { readonly kind: 'stale'; readonly ms: number }
  /** Takes effect, and is answered with something that is not AWS's protocol. */
  | { readonly kind: 'malformed'; readonly body?: string; readonly status?: number }
  /** Answered with members that no SDK knows, and the named members with a value that no SDK knows. */
  | { readonly kind: 'unknown'; readonly enumMembers?: readonly string[] };

export type FaultRule = FaultMatch & FaultTiming & FaultEffect;

/** A rule that cannot be read, in words for whoever wrote it. */
export class FaultRuleError extends Error {}

type Kind = 'string' | 'number' | 'boolean' | 'strings';

const COMMON: Readonly<Record<string, Kind>> = {
  service: 'string',
  operation: 'string',
  name: 'string',
  accountId: 'string',
  region: 'string',
  nth: 'number',
  times: 'number',
  chance: 'number',
};

/** The members of each kind; a trailing `!` says that one is required. */
const KINDS: Readonly<Record<FaultEffect['kind'], Readonly<Record<string, Kind | `${Kind}!`>>>> = {
  fail: { code: 'string!', message: 'string', status: 'number' },
  throttle: {},
  reset: {},
  lose: {},
  'fail-after': { code: 'string!', message: 'string', status: 'number' },
  delay: { ms: 'number!', after: 'boolean' },
  stale: { ms: 'number!' },
  malformed: { body: 'string', status: 'number' },
  unknown: { enumMembers: 'strings' },
};

/**
 * Reads a rule from JSON.
 * @throws FaultRuleError that names the member and what it should be.
 */
export function parseFaultRule(value: unknown): FaultRule {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FaultRuleError(
      'a fault is a JSON object, e.g. {"kind":"fail","operation":"CreateService","code":"ServerException"}',
    );
  }
  const kinds: Readonly<Record<string, Readonly<Record<string, string>>>> = KINDS;
  const kind = 'kind' in value ? value.kind : undefined;
  const own = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!own) throw new FaultRuleError(`kind must be one of ${Object.keys(KINDS).join(', ')}`);
  const members: Readonly<Record<string, string>> = { kind: 'string', ...COMMON, ...own };
  for (const [name, member] of Object.entries(value)) {
    const wanted = Object.hasOwn(members, name) ? members[name]?.replace('!', '') : undefined;
    if (!wanted)
      throw new FaultRuleError(`a fault of kind ${kind} has no ${name}; it has ${Object.keys(members).join(', ')}`);
    if (!fits(member, wanted)) throw new FaultRuleError(`${name} must be ${WORDS[wanted] ?? wanted}`);
  }
  for (const [name, type] of Object.entries(own)) {
    if (type.endsWith('!') && !(name in value)) throw new FaultRuleError(`a fault of kind ${kind} needs ${name}`);
  }
  // Every member was held against the table above, which mirrors the type.
  return value as FaultRule;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number of at least 0',
  boolean: 'true or false',
  strings: 'a list of strings',
};

function fits(value: unknown, wanted: string): boolean {
  switch (wanted) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && value >= 0;
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    default:
      return typeof value === wanted;
  }
}
