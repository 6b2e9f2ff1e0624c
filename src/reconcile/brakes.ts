import type { KubeObject } from '../kube/object.ts';
import { isAnnotated, PAUSED_ANNOTATION, PROTECTED_ANNOTATION } from './annotations.ts';
import type { Problem } from './kind.ts';
import type { EcsObject } from './types.ts';

export interface BrakeSources {
  readonly readOnly: boolean;
  readonly namespace: KubeObject | undefined;
  readonly account: KubeObject | undefined;
}

/** What keeps us from changing anything in AWS for an object: a pause, or read-only mode. */
export function heldChange(object: EcsObject, { readOnly, namespace, account }: BrakeSources): Problem | undefined {
  if (readOnly) return { reason: 'ReadOnly', message: 'the operator runs with --read-only and changes nothing' };
  if (object.spec.policy?.paused === true) return paused('spec.policy.paused is true');
  if (isAnnotated(object, PAUSED_ANNOTATION)) return paused(`the object is annotated with ${PAUSED_ANNOTATION}`);
  if (isAnnotated(namespace, PAUSED_ANNOTATION)) return paused(`its Namespace is annotated with ${PAUSED_ANNOTATION}`);
  if (isAnnotated(account, PAUSED_ANNOTATION)) return paused(`its AwsAccount is annotated with ${PAUSED_ANNOTATION}`);
  return undefined;
}

/** What keeps us from deleting in AWS (rule 8 of the design), beyond what keeps us from changing. */
export function heldDeletion(
  object: EcsObject,
  { namespace, account, crdDeleting }: BrakeSources & { readonly crdDeleting: string | undefined },
): Problem | undefined {
  if (crdDeleting !== undefined) {
    return {
      reason: 'CustomResourceDefinitionBeingDeleted',
      message: `the CRD ${crdDeleting} is being deleted, so nothing is deleted in AWS; set spec.policy.deletion: Retain to let this object go; otherwise let the CRD be removed only after its objects`,
    };
  }
  const where = isAnnotated(object, PROTECTED_ANNOTATION)
    ? 'the object'
    : isAnnotated(namespace, PROTECTED_ANNOTATION)
      ? 'its Namespace'
      : isAnnotated(account, PROTECTED_ANNOTATION)
        ? 'its AwsAccount'
        : undefined;
  if (where === undefined) return undefined;
  return {
    reason: 'DeletionProtected',
    message: `${where} is annotated with ${PROTECTED_ANNOTATION}; remove the annotation, or set spec.policy.deletion: Retain to let the object go and keep what is in AWS`,
  };
}

function paused(why: string): Problem {
  return { reason: 'Paused', message: `${why}: nothing is changed in AWS` };
}
