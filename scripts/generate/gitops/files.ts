import { argocdConfigMap } from './argocd-config-map.ts';
import { type CustomResource, kustomizeSchema } from './kustomize-schema.ts';

/** What Argo CD and kustomize are told of our kinds, path → text. */
export function gitopsFiles(crds: readonly CustomResource[]): ReadonlyMap<string, string> {
  return new Map([
    ['argocd/argocd-cm.yaml', argocdConfigMap()],
    ['kustomize/schema.json', kustomizeSchema(crds)],
  ]);
}
