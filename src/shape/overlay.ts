import type { Json } from './shape.ts';

/** What the SDK's schemas do not say about a member, kept by hand. Names are ours (lowerCamel). */
export interface MemberOverlay {
  /** The list's items are told apart by this member, and AWS refuses two with the same one. */
  readonly key?: string;
  /** The list's order carries no meaning. */
  readonly unordered?: true;
  /** In the request, but not the user's to write (tokens). */
  readonly outputOnly?: true;
  /** A number with a fraction; every other number of these APIs is whole. */
  readonly double?: true;
  /** Refused by AWS when absent, though its model does not say so; or the other way round. */
  readonly required?: boolean;
  /** No value will ever be added to the enum: others may be refused before AWS is asked. */
  readonly closed?: true;
  /** Values that AWS takes beside those of its model. */
  readonly moreValues?: readonly string[];
  readonly emptyIsValue?: true;
  readonly awsDefault?: Json;
  readonly whenMissing?: Json;
  readonly presenceMatters?: true;
}

/** `Structure.member`, e.g. `ContainerDefinition.environment`. */
export type MemberName = `${string}.${string}`;

export interface Overlay {
  readonly members: Readonly<Record<MemberName, MemberOverlay>>;
  /** AWS's documented values by `Structure.member`; of a list of strings, those of its items. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
}
