import { canonical, equalJson } from '../../shape/canonical.ts';
import { cloudMapRules } from '../../shape/cloud-map-rules.ts';
import { isWithin } from '../../shape/path.ts';
import { isList, isObject, type Json, type JsonObject } from '../../shape/shape.ts';
import { cloudMapServiceShape } from '../../shape/shapes.ts';

const DNS_RECORDS = 'dnsConfig.dnsRecords';
const HEALTH_CHECK = 'healthCheckConfig';

export interface UpdateInput {
  /** Normalised. */
  readonly declared: JsonObject;
  /** What AWS holds, in the request's names. */
  readonly live: JsonObject;
  /** Paths that are to become as declared. */
  readonly apply: readonly string[];
  /** Paths that were declared and are not any more. */
  readonly unset: readonly string[];
}

/**
 * The whole of what an UpdateService has to say: what AWS holds, with the changes in it, since AWS takes away the
 * records and health checks that an update leaves out (API reference of UpdateService).
 * @returns undefined when nothing changes. Pure.
 */
export function updateOf(input: UpdateInput): JsonObject | undefined {
  const none: UpdateInput = { ...input, apply: [], unset: [] };
  const wanted = changeable(input);
  return equalJson(inOneForm(wanted), inOneForm(changeable(none))) ? undefined : wanted;
}

function inOneForm(request: JsonObject): Json {
  return canonical(request, cloudMapServiceShape, cloudMapRules);
}

function changeable(input: UpdateInput): JsonObject {
  const description = descriptionOf(input);
  const dnsRecords = recordsOf(input);
  const healthCheckConfig = healthCheckOf(input);
  return {
    ...(description !== undefined && { description }),
    ...(dnsRecords !== undefined && { dnsConfig: { dnsRecords } }),
    ...(healthCheckConfig !== undefined && { healthCheckConfig }),
  };
}

function descriptionOf({ declared, live, apply, unset }: UpdateInput): Json | undefined {
  if (apply.includes('description')) return declared.description;
  return unset.includes('description') ? '' : live.description;
}

function recordsOf({ declared, live, apply, unset }: UpdateInput): Json | undefined {
  if (unset.some((path) => isWithin(path, DNS_RECORDS))) return undefined;
  const { dnsConfig } = apply.some((path) => isWithin(path, DNS_RECORDS)) ? declared : live;
  const records = isObject(dnsConfig) ? dnsConfig.dnsRecords : undefined;
  return isList(records) && records.length > 0 ? records : undefined;
}

function healthCheckOf({ declared, live, apply, unset }: UpdateInput): JsonObject | undefined {
  const ours = isObject(declared.healthCheckConfig) ? declared.healthCheckConfig : {};
  const theirs = isObject(live.healthCheckConfig) ? live.healthCheckConfig : {};
  // Another type of check starts anew: a path means nothing to TCP.
  const base = apply.includes(`${HEALTH_CHECK}.type`) ? {} : theirs;
  const kept = Object.entries(base).filter(([member]) => !unset.includes(`${HEALTH_CHECK}.${member}`));
  const changed = Object.entries(ours).filter(
    ([member]) => base !== theirs || apply.includes(`${HEALTH_CHECK}.${member}`),
  );
  const check = Object.fromEntries([...kept, ...changed]);
  return check.type === undefined ? undefined : check;
}
