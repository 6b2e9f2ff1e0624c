import type { KubeObject } from '../kube/object.ts';
import { matchesGlob } from './glob.ts';
import { matchesSelector } from './label-selector.ts';
import type { AllowedNamespaces } from './types.ts';

/** Whether `allowed` names a namespace or selects it by its labels. Nothing said means no. */
export function allowsNamespace(
  allowed: AllowedNamespaces | undefined,
  name: string,
  namespace: KubeObject | undefined,
): boolean {
  if (allowed === undefined) return false;
  if (allowed.names?.some((pattern) => matchesGlob(pattern, name))) return true;
  // An unknown namespace has no labels we could trust.
  if (allowed.selector === undefined || namespace === undefined) return false;
  return matchesSelector(allowed.selector, namespace.metadata.labels ?? {});
}
