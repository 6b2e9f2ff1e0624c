import { type FieldError, invalidValue, requiredValue } from '../field-error.ts';
import { at, type JsonObject, sameJson, textAt } from '../json.ts';
import { qualifiedNameErrors } from '../metadata/names.ts';
import { builtinResource } from './builtin-resource.ts';

const TEXT = { type: 'string' } as const;
const REFERENCE = {
  type: 'object',
  properties: {
    apiVersion: TEXT,
    kind: TEXT,
    namespace: TEXT,
    name: TEXT,
    uid: TEXT,
    resourceVersion: TEXT,
    fieldPath: TEXT,
  },
} as const;

/** Events of events.k8s.io, without the fields that only the core group's have. They do not expire here. */
export const EVENTS = builtinResource({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  createOnUpdate: true,
  unconditionalUpdate: true,
  properties: {
    eventTime: TEXT,
    reportingController: TEXT,
    reportingInstance: TEXT,
    action: TEXT,
    reason: TEXT,
    note: TEXT,
    type: TEXT,
    regarding: REFERENCE,
    related: REFERENCE,
    series: { type: 'object', properties: { count: { type: 'integer' }, lastObservedTime: TEXT } },
  },
  createErrors: (event) => [...contentErrors(event), ...seriesErrors(event), ...typeErrors(event)],
  updateErrors: (event, old) => [
    ...contentErrors(event),
    ...(sameJson(event.series, old.series) ? [] : seriesErrors(event)),
    ...immutableErrors(event, old),
  ],
});

/** By k8s.io/kubernetes, pkg/apis/core/validation/events.go; the fields bear the core group's names. */
function contentErrors(event: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const namespace = textAt(event, 'metadata', 'namespace') ?? '';
  if (textAt(event, 'regarding', 'namespace') === undefined && !['default', 'kube-system'].includes(namespace)) {
    errors.push(invalidValue('involvedObject.namespace', '', 'does not match event.namespace'));
  }
  const controller = textAt(event, 'reportingController') ?? '';
  if (controller === '') errors.push(requiredValue('reportingController'));
  errors.push(...qualifiedNameErrors(controller).map((why) => invalidValue('reportingController', controller, why)));
  errors.push(...bounded(event, 'reportingInstance', 128), ...bounded(event, 'action', 128));
  errors.push(...bounded(event, 'reason', 128));
  if (Buffer.byteLength(textAt(event, 'note') ?? '') > 1024) errors.push(tooLong('message', 1024));
  return errors;
}

function bounded(event: JsonObject, name: string, limit: number): readonly FieldError[] {
  const value = textAt(event, name) ?? '';
  if (value === '') return [requiredValue(name)];
  return Buffer.byteLength(value) > limit ? [tooLong(name, limit)] : [];
}

function tooLong(field: string, limit: number): FieldError {
  return invalidValue(field, '', `can have at most ${limit} characters`);
}

function seriesErrors(event: JsonObject): readonly FieldError[] {
  if (event.series === undefined) return [];
  const errors: FieldError[] = [];
  const count = at(event, 'series', 'count');
  if (typeof count !== 'number' || count < 2) errors.push(invalidValue('series.count', '', 'should be at least 2'));
  if (textAt(event, 'series', 'lastObservedTime') === undefined) errors.push(requiredValue('series.lastObservedTime'));
  return errors;
}

function typeErrors(event: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (textAt(event, 'eventTime') === undefined) errors.push(requiredValue('eventTime'));
  const type = textAt(event, 'type') ?? '';
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalidValue('type', '', `has invalid value: ${type}`));
  return errors;
}

/** What may not change, by its name in the core group. */
const IMMUTABLE: Readonly<Record<string, string>> = {
  regarding: 'involvedObject',
  reason: 'reason',
  note: 'message',
  type: 'type',
  eventTime: 'eventTime',
  action: 'action',
  related: 'related',
  reportingController: 'reportingController',
  reportingInstance: 'reportingInstance',
};

function immutableErrors(event: JsonObject, old: JsonObject): readonly FieldError[] {
  return Object.entries(IMMUTABLE)
    .filter(([name]) => !sameJson(event[name], old[name]))
    .map(([name, field]) => invalidValue(field, event[name] ?? null, 'field is immutable'));
}
