import { kubeTime } from '../runtime/clock.ts';
import { type Condition, type DesiredCondition, replaceConditions } from '../runtime/conditions.ts';
import { accountStatus } from './account.ts';
import type { DesiredBase, KindReport, Plan, Problem } from './kind.ts';
import type { Prepared } from './prepare.ts';
import { linkKey } from './references.ts';
import type { Standing } from './standing.ts';
import { summarise } from './summary.ts';
import type { Applied, CommonStatus, DriftEntry, EcsObject, OwnSpec, StatusPatch } from './types.ts';

/** The members that every kind's status shares; all others are the kind's own. */
const COMMON = new Set<string>([
  'conditions',
  'observedGeneration',
  'name',
  'arn',
  'account',
  'ownerUid',
  'adopted',
  'incarnation',
  'applied',
  'drift',
  'references',
  'observed',
] satisfies (keyof CommonStatus)[]);

const MAX_DRIFT_ENTRIES = 20;
const MAX_VALUE_LENGTH = 200;

export interface StatusInput<Spec extends OwnSpec, Status extends CommonStatus> {
  /** As our last write left it. */
  readonly object: EcsObject<Spec, Status>;
  readonly standing: Standing;
  readonly failures: number;
  readonly ownTypes: readonly string[];
  readonly prepared: Pick<Prepared<DesiredBase>, 'references' | 'desired' | 'account'> | undefined;
  readonly seen:
    | {
        readonly report: KindReport<Status>;
        readonly plan: Pick<Plan<unknown, Status>, 'reported'>;
        /** Undefined: there is none (yet). */
        readonly arn: string | undefined;
      }
    | undefined;
  /** Own members that change where nothing else of the kind's own is said (a deletion); undefined removes one. */
  readonly remembered?: StatusPatch<Status> | undefined;
  readonly applied: Applied | undefined;
  readonly ownerUid: string | undefined;
  readonly now: number;
}

/** The whole status of an object after one reconcile. Pure; equal to the one before when nothing meaningful changed. */
export function statusOf<Spec extends OwnSpec, Status extends CommonStatus>(
  input: StatusInput<Spec, Status>,
): CommonStatus {
  const { object, standing, prepared, seen } = input;
  const previous = object.status;
  const drift = seen === undefined ? (previous?.drift ?? []) : driftEntries(seen.plan);
  const generation = object.metadata.generation ?? 0;
  const wanted = summarise({
    standing,
    report: seen?.report,
    drift,
    previous,
    generation,
    failures: input.failures,
    ownTypes: input.ownTypes,
  });
  const arn = seen === undefined ? previous?.arn : seen.arn;
  return withoutUndefined({
    ...(seen === undefined ? { ...ownFields(previous), ...input.remembered } : seen.report.fields),
    conditions: conditionsOf(previous, wanted, { generation, now: input.now }),
    observedGeneration: generation,
    // What was taken over or adopted as it stands needed no intent that would have frozen them.
    name: previous?.name ?? (arn === undefined ? undefined : prepared?.desired.name),
    arn,
    account:
      previous?.account ?? (arn === undefined || prepared === undefined ? undefined : accountStatus(prepared.account)),
    ownerUid: input.ownerUid ?? previous?.ownerUid,
    adopted: previous?.adopted,
    incarnation: previous?.incarnation,
    applied: input.applied ?? previous?.applied,
    drift: drift.length === 0 ? undefined : drift,
    references: prepared === undefined ? previous?.references : referencesOf(prepared),
    observed: prepared === undefined ? previous?.observed : observedOf(prepared),
  });
}

/**
 * The status of an object whose intent is about to be written: as it is, with the patch, and why. Without `why` the
 * conditions go on speaking of the generation that they were said about, until it is known what came of the effect.
 */
export function intendedStatus<Status extends CommonStatus>(
  object: EcsObject<OwnSpec, Status>,
  patch: StatusPatch<Status>,
  why: Problem | undefined,
  {
    now,
    ownTypes,
    prepared,
  }: { now: number; ownTypes: readonly string[]; prepared: Pick<Prepared<unknown>, 'references'> | undefined },
): CommonStatus {
  const { status } = object;
  return withoutUndefined({
    ...status,
    ...patch,
    ...(why === undefined ? {} : announced(object, why, { now, ownTypes })),
    references: prepared === undefined ? status?.references : referencesOf(prepared),
  });
}

function announced(
  { status, metadata }: EcsObject,
  why: Problem,
  { now, ownTypes }: { readonly now: number; readonly ownTypes: readonly string[] },
): Pick<CommonStatus, 'conditions' | 'observedGeneration'> {
  const generation = metadata.generation ?? 0;
  const wanted = summarise({
    standing: { type: 'progressing', problem: why, pollMs: 0 },
    report: undefined,
    drift: [],
    previous: status,
    generation,
    failures: 0,
    ownTypes,
  });
  return { conditions: conditionsOf(status, wanted, { generation, now }), observedGeneration: generation };
}

/** Conditions that were kept for want of a look at AWS keep the generation that they were said about. */
function conditionsOf(
  previous: CommonStatus | undefined,
  wanted: readonly DesiredCondition[],
  { generation, now }: { readonly generation: number; readonly now: number },
): readonly Condition[] {
  const before = previous?.conditions ?? [];
  return replaceConditions(before, wanted, { generation, now: kubeTime(now) }).map((condition) => {
    const same = before.find(({ type }) => type === condition.type);
    return same !== undefined && wanted.some((one) => one === same) ? same : condition;
  });
}

function ownFields(status: CommonStatus | undefined): object {
  return Object.fromEntries(Object.entries(status ?? {}).filter(([member]) => !COMMON.has(member)));
}

function driftEntries({ reported }: Pick<Plan<unknown, CommonStatus>, 'reported'>): readonly DriftEntry[] {
  return reported.slice(0, MAX_DRIFT_ENTRIES).map(({ path, declared, live, sensitive }) => ({
    path,
    declared: sensitive ? '(sensitive)' : shown(declared),
    live: sensitive ? '(sensitive)' : shown(live),
  }));
}

function shown(value: unknown): string {
  const text = value === undefined ? 'not set' : (JSON.stringify(value) ?? 'not set');
  return text.length <= MAX_VALUE_LENGTH ? text : `${text.slice(0, MAX_VALUE_LENGTH - 1)}…`;
}

function referencesOf({ references }: Pick<Prepared<unknown>, 'references'>): CommonStatus['references'] {
  if (references.size === 0) return undefined;
  return Object.fromEntries([...references].map(([path, { arn, name }]) => [path, { arn, name }]));
}

function observedOf({ references }: Pick<Prepared<unknown>, 'references'>): CommonStatus['observed'] {
  const entries = [...references.values()].flatMap(({ target, reference }) =>
    target === undefined
      ? []
      : [[linkKey(reference.kind, target.metadata.namespace, target.metadata.name), target.metadata.generation ?? 0]],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function withoutUndefined(status: { readonly [K in keyof CommonStatus]: CommonStatus[K] | undefined }): CommonStatus {
  // Safe: a member that is undefined is left out, which is what the type allows.
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined)) as CommonStatus;
}

/** Whether two JSON values mean the same: the order of members does not matter. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = new Map(Object.entries(b).filter(([, value]) => value !== undefined));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)));
}
