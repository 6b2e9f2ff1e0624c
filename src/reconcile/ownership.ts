import { findCondition } from '../runtime/conditions.ts';
import { PREFIX } from './annotations.ts';
import type { Identity, KindName, Presence, Problem, TagMap } from './kind.ts';
import type { CommonStatus, Policy } from './types.ts';

/** The tags that say whose a resource is. The UID is information: it differs after a restore. */
const TAG = {
  installation: `${PREFIX}/installation`,
  kind: `${PREFIX}/kind`,
  namespace: `${PREFIX}/namespace`,
  name: `${PREFIX}/name`,
  uid: `${PREFIX}/uid`,
} as const;

/** Put by the first of two owners that notices the other, so that both keep their hands off. */
export const CONTESTED_TAG = `${PREFIX}/contested-by`;

/** Whether a tag key is the operator's own; refused in specs, never compared, never removed by a spec. */
export function isOwnTag(key: string): boolean {
  return key.startsWith(`${PREFIX}/`);
}

/** Whether tags name this object of this installation, whatever the UID. */
export function isOwnedBy(tags: TagMap, identity: Identity): boolean {
  return (
    tags[TAG.installation] === identity.installation &&
    tags[TAG.kind] === identity.kind &&
    tags[TAG.namespace] === identity.namespace &&
    tags[TAG.name] === identity.name
  );
}

/** Whether no installation of the operator has put its tags there, nor a CloudFormation stack. */
export function isUnowned(tags: TagMap): boolean {
  return tags[TAG.installation] === undefined && tags['aws:cloudformation:stack-name'] === undefined;
}

export interface IdentityInput {
  readonly installation: string;
  readonly kind: KindName;
  readonly metadata: { readonly namespace?: string; readonly name: string; readonly uid: string };
}

/** Who an object is to AWS. */
export function identityOf({ installation, kind, metadata }: IdentityInput): Identity {
  const { name, uid, namespace = '' } = metadata;
  return {
    installation,
    kind,
    namespace,
    name,
    uid,
    tags: {
      [TAG.installation]: installation,
      [TAG.kind]: kind,
      [TAG.namespace]: namespace,
      [TAG.name]: name,
      [TAG.uid]: uid,
    },
  };
}

export type Ownership =
  | { readonly type: 'ours' }
  /** Ours, but tags of ours are missing: put back. */
  | { readonly type: 'stripped' }
  /** Ours by name, made by an object with another UID, as after a restore: the UID is rewritten. */
  | { readonly type: 'takeOver'; readonly fromUid: string }
  /** Nobody's, and policy lets us take it. */
  | { readonly type: 'adopt' }
  | { readonly type: 'twoOwners'; readonly problem: Problem; readonly mark: TagMap | undefined }
  | { readonly type: 'foreign'; readonly problem: Problem };

export interface OwnershipInput {
  readonly presence: Extract<Presence, { state: 'present' | 'leaving' }>;
  readonly identity: Identity;
  readonly status: CommonStatus | undefined;
  readonly policy: Policy | undefined;
  /** Whether an object of this installation still stands behind these owner tags, as far as can be seen. */
  ownerExists(kind: string, namespace: string, name: string): boolean;
}

/** Decides whose a resource is (rule 6 of the design). Pure; what follows from it is done by the reconciler. */
export function judgeOwnership(input: OwnershipInput): Ownership {
  const { presence, identity } = input;
  const tags = presence.tags;
  const owner = tags[TAG.installation];
  if (owner === undefined) return untagged(input);
  if (owner !== identity.installation) return otherInstallation(owner, input);
  return isOwnedBy(tags, identity) ? sameName(input) : otherObject(input);
}

function untagged(input: OwnershipInput): Ownership {
  const { presence, identity, status, policy } = input;
  // Our ARN with our tags gone: somebody took the tags off, and nothing else.
  if (hadIt(input) || (status?.ownerUid === identity.uid && isRemembered(presence))) return { type: 'stripped' };
  const stack = presence.tags['aws:cloudformation:stack-name'];
  if (stack !== undefined) {
    return foreign(
      'OwnedByCloudFormation',
      `${presence.arn} belongs to CloudFormation stack ${stack}; remove it from the stack first (with DeletionPolicy: Retain), or give this object another name`,
    );
  }
  if (policy?.adoption === 'Adopt') return { type: 'adopt' };
  return foreign(
    'NotOwned',
    `${presence.arn} exists and was not made by this operator; set spec.policy.adoption: Adopt to take it over, or give this object another name`,
  );
}

/** Whether this very resource was seen to carry our UID. An older revision of a task definition may have another. */
function hadIt({ presence, identity, status }: OwnershipInput): boolean {
  return status?.ownerUid === identity.uid && status.arn === presence.arn;
}

function isRemembered(presence: OwnershipInput['presence']): boolean {
  return presence.state === 'present' && presence.remembered === true;
}

function sameName(input: OwnershipInput): Ownership {
  const { presence, identity } = input;
  const { tags } = presence;
  const contestedBy = tags[CONTESTED_TAG];
  if (contestedBy !== undefined && contestedBy !== identity.uid) {
    return { type: 'twoOwners', problem: twoOwners(presence.arn, `UID ${contestedBy}`), mark: undefined };
  }
  const uid = tags[TAG.uid];
  if (uid === identity.uid && contestedBy === undefined) return { type: 'ours' };
  // We had it, and now another object with our name has it: whoever it is, it is alive.
  if (hadIt(input) && uid !== undefined && uid !== identity.uid) {
    const mark = contestedBy === undefined ? { [CONTESTED_TAG]: identity.uid } : undefined;
    return { type: 'twoOwners', problem: twoOwners(presence.arn, `UID ${uid}`), mark };
  }
  if (contestedBy === identity.uid) {
    return { type: 'twoOwners', problem: twoOwners(presence.arn, 'another cluster'), mark: undefined };
  }
  return uid === undefined ? { type: 'stripped' } : { type: 'takeOver', fromUid: uid };
}

function otherObject({ presence, policy, ownerExists }: OwnershipInput): Ownership {
  const { tags } = presence;
  const kind = tags[TAG.kind] ?? 'unknown kind';
  const namespace = tags[TAG.namespace] ?? '';
  const name = tags[TAG.name] ?? '';
  const owner = `${kind} ${namespace}/${name}`;
  if (ownerExists(kind, namespace, name)) {
    return foreign('OwnedByOtherObject', `${presence.arn} belongs to ${owner}; give this object another name`);
  }
  if (policy?.adoption === 'Adopt') return { type: 'adopt' };
  return foreign(
    'OwnedByOtherObject',
    `${presence.arn} was made by ${owner}, which is gone; set spec.policy.adoption: Adopt to take it over, or give this object another name`,
  );
}

function otherInstallation(owner: string, { presence, identity, status }: OwnershipInput): Ownership {
  const whose = `${presence.tags[TAG.kind] ?? 'an object'} ${presence.tags[TAG.namespace] ?? ''}/${presence.tags[TAG.name] ?? ''} of installation ${owner}`;
  if (status?.ownerUid === identity.uid) {
    return { type: 'twoOwners', problem: twoOwners(presence.arn, whose), mark: undefined };
  }
  return foreign(
    'OwnedByOtherInstallation',
    `${presence.arn} belongs to ${whose}; if this cluster replaces that one, start the operator with --installation-id ${owner}`,
  );
}

/** Whether a second owner was confirmed before, by this process or an earlier one: it is not doubted anew. */
export function knowsTwoOwners(status: CommonStatus | undefined): boolean {
  const stalled = findCondition(status?.conditions, 'Stalled');
  return stalled?.status === 'True' && stalled.reason === 'TwoOwners';
}

function twoOwners(arn: string, other: string): Problem {
  return {
    reason: 'TwoOwners',
    message: `${arn} was ours and is now claimed by ${other} as well: nothing is changed any more; set spec.policy.deletion: Retain on one of the two objects and delete it, then remove the tags ${CONTESTED_TAG} and ${TAG.uid} from the resource`,
  };
}

function foreign(reason: string, message: string): Ownership {
  return { type: 'foreign', problem: { reason, message } };
}
