import { type JsonObject, textAt } from '../kube-api/json.ts';

/** The kind that a CustomResourceDefinition is of. */
export function kindOf(crd: JsonObject): string {
  return textAt(crd, 'spec', 'names', 'kind') ?? '';
}
