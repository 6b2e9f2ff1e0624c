import { type FieldError, forbiddenValue, invalidValue, requiredValue } from '../field-error.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../json.ts';
import { labelErrors, labelValueErrors, pathSegmentErrors, qualifiedNameErrors, subdomainErrors } from './names.ts';

/** What is wrong with the metadata of a new object (k8s.io/apimachinery, pkg/api/validation). */
export function newMetaErrors(
  object: JsonObject,
  options: { readonly namespaced: boolean; readonly nameErrors?: (name: string) => readonly string[] },
): readonly FieldError[] {
  const metadata = objectAt(object, 'metadata') ?? {};
  const { nameErrors = subdomainErrors } = options;
  return [
    ...placeErrors(metadata, { ...options, nameErrors }),
    ...contentErrors(metadata),
    ...finalizerErrors(metadata),
  ];
}

/** What is wrong with the metadata of a changed object. */
export function changedMetaErrors(
  object: JsonObject,
  old: JsonObject,
  options: { readonly namespaced: boolean },
): readonly FieldError[] {
  const metadata = objectAt(object, 'metadata') ?? {};
  const before = objectAt(old, 'metadata') ?? {};
  const place = placeErrors(metadata, { ...options, nameErrors: pathSegmentErrors });
  return [
    ...place,
    ...contentErrors(metadata),
    ...finalizerErrors(metadata),
    ...newFinalizerErrors(metadata, before),
    ...immutableErrors(metadata, before),
  ];
}

function placeErrors(
  metadata: JsonObject,
  options: { readonly namespaced: boolean; readonly nameErrors: (name: string) => readonly string[] },
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(metadata, 'name') ?? '';
  const namespace = textAt(metadata, 'namespace') ?? '';
  if (name === '') errors.push(requiredValue('metadata.name', 'name or generateName is required'));
  else errors.push(...options.nameErrors(name).map((why) => invalidValue('metadata.name', name, why)));
  if (!options.namespaced) {
    if (namespace !== '') errors.push(forbiddenValue('metadata.namespace', 'not allowed on this type'));
  } else if (namespace === '') errors.push(requiredValue('metadata.namespace'));
  else errors.push(...labelErrors(namespace).map((why) => invalidValue('metadata.namespace', namespace, why)));
  return errors;
}

const ANNOTATIONS_LIMIT = 256 * 1024;

function contentErrors(metadata: JsonObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(objectAt(metadata, 'labels') ?? {})) {
    errors.push(...qualifiedNameErrors(key).map((why) => invalidValue('metadata.labels', key, why)));
    const text = typeof value === 'string' ? value : '';
    errors.push(...labelValueErrors(text).map((why) => invalidValue('metadata.labels', text, why)));
  }
  let size = 0;
  for (const [key, value] of Object.entries(objectAt(metadata, 'annotations') ?? {})) {
    size += Buffer.byteLength(key) + Buffer.byteLength(String(value));
    const wrong = qualifiedNameErrors(key.toLowerCase());
    errors.push(...wrong.map((why) => invalidValue('metadata.annotations', key, why)));
  }
  if (size > ANNOTATIONS_LIMIT) {
    const detail = `may not be more than ${ANNOTATIONS_LIMIT} bytes`;
    errors.push({ type: 'FieldValueTooLong', field: 'metadata.annotations', detail });
  }
  errors.push(...listAt(metadata, 'ownerReferences').flatMap(ownerErrors));
  return errors;
}

/** Kubernetes does not say of which. */
function ownerErrors(owner: Json): readonly FieldError[] {
  const wanted = { apiVersion: 'version must not be empty', kind: '', name: '', uid: '' };
  return Object.entries(wanted).flatMap(([name, why]): readonly FieldError[] => {
    const value = isObject(owner) ? (textAt(owner, name) ?? '') : '';
    return value === ''
      ? [invalidValue(`metadata.ownerReferences.${name}`, value, why === '' ? 'must not be empty' : why)]
      : [];
  });
}

function finalizerErrors(metadata: JsonObject): readonly FieldError[] {
  const finalizers = texts(metadata, 'finalizers');
  const errors = finalizers.flatMap((finalizer) =>
    qualifiedNameErrors(finalizer).map((why) => invalidValue('metadata.finalizers', finalizer, why)),
  );
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const why = 'finalizer orphan and foregroundDeletion cannot be both set';
    errors.push(invalidValue('metadata.finalizers', finalizers, why));
  }
  return errors;
}

function newFinalizerErrors(metadata: JsonObject, before: JsonObject): readonly FieldError[] {
  if (before.deletionTimestamp === undefined) return [];
  const known = texts(before, 'finalizers');
  const added = [...new Set(texts(metadata, 'finalizers'))].filter((finalizer) => !known.includes(finalizer)).sort();
  if (added.length === 0) return [];
  const shown = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`;
  return [forbiddenValue('metadata.finalizers', why)];
}

const IMMUTABLE = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

function immutableErrors(metadata: JsonObject, before: JsonObject): readonly FieldError[] {
  return IMMUTABLE.filter((name) => !sameJson(metadata[name], before[name])).map((name) =>
    invalidValue(`metadata.${name}`, metadata[name] ?? null, 'field is immutable'),
  );
}

export function texts(metadata: JsonObject, name: string): readonly string[] {
  return listAt(metadata, name).filter((one) => typeof one === 'string');
}
