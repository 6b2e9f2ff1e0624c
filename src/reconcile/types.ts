import type { KubeObject } from '../kube/object.ts';
import type { Condition } from '../runtime/conditions.ts';

/** What a person decides about how we treat AWS's side; the same in every kind. */
export interface Policy {
  /** What happens to AWS's side when the object is deleted. Default Delete; Retain for what was adopted. */
  readonly deletion?: 'Delete' | 'Retain';
  /** Whether a resource that exists and is nobody's may be taken over. Default Never. */
  readonly adoption?: 'Never' | 'Adopt';
  /** What to do about a declared leaf that somebody changed in AWS. Default Enforce. */
  readonly drift?: 'Enforce' | 'Report';
  /** The same for single leaves or everything below a path; the longest path wins. */
  readonly driftByField?: Readonly<Record<string, 'Enforce' | 'Report' | 'Ignore'>>;
  /** Look, report, change nothing. */
  readonly paused?: boolean;
}

/** A reference to one of our objects; without a namespace, in the same one. */
export interface ObjectRef {
  readonly name: string;
  readonly namespace?: string;
}

/** Which namespaces may refer to an object from outside its own. */
export interface AllowedNamespaces {
  readonly names?: readonly string[];
  readonly selector?: LabelSelector;
}

/** Kubernetes' label selector. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}

/** Our part of a spec that every kind has. */
export interface OwnSpec {
  readonly policy?: Policy;
  readonly accountRef?: { readonly name: string };
  /** On kinds that others refer to. */
  readonly allowedNamespaces?: AllowedNamespaces;
}

/**
 * What we declared to AWS: path of each declared leaf → a short hash of the value that AWS confirmed, or '' while the
 * call is under way. A tag is a leaf too: `tags[key=team]`. Written as a union before a call, trimmed after it.
 */
export interface Applied {
  readonly leaves: Readonly<Record<string, string>>;
}

/** A declared leaf that AWS holds otherwise, and that policy tells us to leave. Values are cut and redacted. */
export interface DriftEntry {
  readonly path: string;
  readonly declared: string;
  readonly live: string;
}

/** What every kind's status has. */
export interface CommonStatus {
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
  /** AWS's name of the resource, frozen once resolved. */
  readonly name?: string;
  readonly arn?: string;
  /** The account it was made in, frozen with the name. `name` is the AwsAccount's, absent for the operator's own. */
  readonly account?: { readonly name?: string; readonly accountId?: string; readonly region?: string };
  /** The UID that stood in the ownership tags when we last saw them to be ours. */
  readonly ownerUid?: string;
  readonly adopted?: boolean;
  /** Grows when absence was confirmed, so that a new creation gets a new token. */
  readonly incarnation?: number;
  readonly applied?: Applied;
  readonly drift?: readonly DriftEntry[];
  /** What each reference resolved to: by its path in the spec. A deletion still knows its way by it. */
  readonly references?: Readonly<Record<string, { readonly arn: string; readonly name: string }>>;
  /** What `status` was computed from: `<Kind>/<namespace>/<name>` → generation. */
  readonly observed?: Readonly<Record<string, number>>;
}

/** Members of a status to be written; one that is undefined is removed. */
export type StatusPatch<Status> = { readonly [K in keyof Status]?: Status[K] | undefined };

/** One of our objects. */
export interface EcsObject<Spec extends OwnSpec = OwnSpec, Status extends CommonStatus = CommonStatus>
  extends KubeObject {
  readonly spec: Spec;
  readonly status?: Status;
}
