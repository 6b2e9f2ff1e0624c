import type { Qualified } from '../api-error.ts';
import type { FieldSet } from '../apply/field-set.ts';
import type { MergeType } from '../apply/merge-type.ts';
import type { FieldError } from '../field-error.ts';
import type { JsonObject } from '../json.ts';

/** Endpoints of an object besides its own. */
export type Subresource = 'status' | 'scale';

/** Where the scale subresource finds its numbers, as paths of members. */
export interface ScalePaths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
  readonly selector: readonly string[] | undefined;
}

/** What a request's body became, and the members that nobody knows. */
export interface Decoded {
  readonly object: JsonObject;
  readonly unknown: readonly string[];
}

/** One resource type that is served, and what Kubernetes calls its strategy. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly mergeType: MergeType;
  readonly status: boolean;
  readonly scale: ScalePaths | undefined;
  /** Custom resources do not say so; Leases and Events may be created by PUT. */
  readonly createOnUpdate: boolean;
  /** Whether an update without resourceVersion overwrites whatever is there. */
  readonly unconditionalUpdate: boolean;
  /** Whether items of a list say what they are. */
  readonly typedItems: boolean;
  /** Patches that are understood besides server-side apply. */
  readonly patchTypes: readonly string[];
  /** A body as this type. @throws ApiError when it cannot be one. */
  decode(body: JsonObject): Decoded;
  /** What storage makes of an object that is written. */
  stored(object: JsonObject): JsonObject;
  /** Fills in defaults. */
  defaulted(object: JsonObject): JsonObject;
  prepareCreate(object: JsonObject): JsonObject;
  prepareUpdate(object: JsonObject, old: JsonObject, subresource: Subresource | undefined): JsonObject;
  createErrors(object: JsonObject): readonly FieldError[];
  updateErrors(object: JsonObject, old: JsonObject, subresource: Subresource | undefined): readonly FieldError[];
  /** What an endpoint does not write, for the field managers. */
  resetFields(subresource: Subresource | undefined): FieldSet;
}

/** By its plural, as most refusals name a resource. */
export function byPlural({ group, plural }: Resource): Qualified {
  return { group, name: plural };
}

/** By its kind, as refusals of what is invalid do. */
export function byKind({ group, kind }: Resource): Qualified {
  return { group, name: kind };
}

/** `apiVersion` of its objects. */
export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `ecsservices.ecs-operator.dev`; the same for all its versions. */
export function resourceId({ group, plural }: Pick<Resource, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}
