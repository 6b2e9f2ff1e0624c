/** What a value of an AWS request may be: the SDK's schema plus what the overlay knows, without documentation. */
export type Shape = Structure | List | MapOf | Scalar | DocumentShape;

export interface Structure {
  readonly type: 'structure';
  /** The SDK's name of the structure, e.g. `NetworkConfiguration`. */
  readonly name: string;
  readonly members: Readonly<Record<string, Member>>;
}

/** A member of a structure, by its name in our specs (lowerCamel). */
export interface Member {
  readonly shape: Shape;
  /** The name on AWS's side where it differs, e.g. `DnsConfig` for `dnsConfig`. */
  readonly awsName: string;
  readonly required: boolean;
  /** Must never be logged, nor stand in an event or a status (the SDK's own trait). */
  readonly sensitive: boolean;
  /** Part of what AWS prints, ignored in what people write (taskDefinitionArn, status, events, …). */
  readonly outputOnly: boolean;
  /** An empty string (or, in a list of strings, an empty item) is a value to AWS, not residue of a skeleton. */
  readonly emptyIsValue: boolean;
  /** What AWS fills in when the member is absent: declaring it and leaving it out mean the same. */
  readonly awsDefault?: Json;
  /** What has to be sent when the member is absent but its structure is not. */
  readonly whenMissing?: Json;
  /** `{}` says something that leaving the member out does not. */
  readonly presenceMatters: boolean;
}

export interface List {
  readonly type: 'list';
  readonly of: Shape;
  /** The member that tells the items apart, where AWS wants it unique; without one the list is one atomic value. */
  readonly key?: string;
  /** Whether the order carries no meaning (environment, secrets, security groups, …). */
  readonly unordered: boolean;
}

export interface MapOf {
  readonly type: 'map';
  readonly of: Shape;
}

export interface Scalar {
  readonly type: 'string' | 'integer' | 'double' | 'boolean' | 'timestamp';
  /** AWS's documented values. A value that is not among them is not refused unless `closed`. */
  readonly values?: readonly string[];
  /** The list of values is closed for good (launchType, networkMode, …). */
  readonly closed?: boolean;
}

/** Any JSON (`hookDetails`), or what AWS prints and nobody reads here. */
interface DocumentShape {
  readonly type: 'document';
}

/** A JSON value, as it stands in a spec. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** A structure's member by its name; undefined for a name that only JavaScript knows (`constructor`). */
export function memberOf(structure: Structure, name: string): Member | undefined {
  return Object.hasOwn(structure.members, name) ? structure.members[name] : undefined;
}

/** Whether a value is an object, neither a list nor null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. `Array.isArray` alone does not narrow a readonly array. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
