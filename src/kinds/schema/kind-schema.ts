import type { JsonObject, Structure } from '../../shape/shape.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * A rule in CEL, as the API server checks it, and the same in TypeScript, as the simulator does. A conformance test
 * tries both on the same objects.
 */
export interface Rule {
  /** Kebab-case, unique within the kind. */
  readonly id: string;
  /** Where it stands, from the object's root: '', 'spec' or 'spec.taskDefinitionTemplate'. */
  readonly at: string;
  /** Over `self`, and `oldSelf` for a rule about a change (checked on updates only). */
  readonly cel: string;
  /** What is wrong and what to do about it. */
  readonly message: string;
  /** The member the message is about, relative to `at`, e.g. `.tags`. */
  readonly fieldPath?: string;
  /** The same in TypeScript. `old` is there only on an update, where both have the value that the rule stands on. */
  readonly holds: (self: JsonObject, old: JsonObject | undefined) => boolean;
}

/** Bounds of a member of AWS's part, by `Structure.member`. */
export interface Bounds {
  /** Characters of a string, items of a list, entries of a map. */
  readonly max?: number;
  /** Characters of a string in a list or of a value in a map. */
  readonly itemMax?: number;
  /** Smallest and largest number. */
  readonly range?: readonly [min: number, max: number];
  /** AWS takes a string here that people write as a number (`cpu: 256`). */
  readonly numberToo?: true;
  /** A number that must stand as a number: the scale subresource refuses a string, and null. */
  readonly numberOnly?: true;
  /** Required by AWS's model, but not by the schema: describe calls leave it out, or a rule says more about it. */
  readonly optional?: true;
  /** What we add to AWS's description, e.g. that it cannot be changed. */
  readonly note?: string;
}

/** A column of `kubectl get`. */
interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean';
  readonly jsonPath: string;
  readonly description?: string;
  /** 1: only with `-o wide`. */
  readonly priority?: 1;
}

/** AWS's part of a spec. */
export interface AwsPart {
  readonly shape: Structure;
  /** The SDK package whose declarations hold the descriptions. */
  readonly client: 'client-ecs' | 'client-servicediscovery';
  /** The interfaces in those declarations that describe the top-level members; the first that knows one wins. */
  readonly interfaces: readonly string[];
  /** What the top-level structure is called in BOUNDS, where two SDKs use one name for it. */
  readonly boundsName?: string;
  /**
   * Members that are no part of the request, but come along when people paste: accepted as they are, and ignored or
   * refused by a rule. By name; `a.b` for one inside a structure.
   */
  readonly extra?: Readonly<Record<string, JsonSchema>>;
  /** Members of AWS's that carry a name of ours: AWS's name to `aws<Name>`. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** Everything that the CRD of a kind is made of. */
export interface KindSchema {
  readonly kind: string;
  readonly plural: string;
  readonly shortName: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly description: string;
  /** Absent for a kind that is no resource of AWS. */
  readonly aws?: AwsPart;
  readonly own: Readonly<Record<string, JsonSchema>>;
  /** Own members inside AWS's part, by path from spec with [] for list items, e.g. `serviceRegistries[].cloudMapServiceRef`. */
  readonly nested?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  /** `{}` is a whole spec: it may be left out, or emptied by a later apply. */
  readonly specOptional?: true;
  /** A whole part of AWS's that stands under one of our names, as `taskDefinitionTemplate` does. */
  readonly templates?: Readonly<Record<string, { readonly aws: AwsPart; readonly description: string }>>;
  readonly status: Readonly<Record<string, JsonSchema>>;
  readonly rules: readonly Rule[];
  readonly columns: readonly Column[];
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath: string;
  };
}
