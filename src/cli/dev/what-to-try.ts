import type { Manifest } from './manifests.ts';

export interface WhatToTryInput {
  readonly kubeconfig: string;
  readonly fakeUrl: string;
  readonly region: string;
  readonly manifests: readonly Manifest[];
}

/** What a person can do now, in commands to copy; those about the examples where they were applied. */
export function whatToTry({ kubeconfig, fakeUrl, region, manifests }: WhatToTryInput): string {
  const has = (kind: string, name: string) =>
    manifests.some((one) => one.kind === kind && one.namespace === 'shop' && one.name === name);
  const examples = has('EcsService', 'backend') && has('EcsTaskDefinition', 'backend') && has('EcsService', 'worker');
  const parts = [
    'Try it, in another terminal:',
    `export KUBECONFIG=${kubeconfig}`,
    '# what there is, and whether it is Ready\nkubectl get ecs -A',
    ...(examples ? EXAMPLES : []),
    `# what the fake AWS holds
export AWS_ENDPOINT_URL=${fakeUrl} AWS_REGION=${region} AWS_DEFAULT_REGION=${region}
export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any
aws ecs ${examples ? 'describe-services --cluster shop --services backend' : 'list-clusters'}`,
    `# what the fake can do to you: faults, killed tasks, its log of calls\ncurl ${fakeUrl}/_fake/`,
  ];
  const indented = parts.map((part, index) => (index === 0 ? part : part.replaceAll(/^/gm, '  ')));
  return `\n${indented.join('\n\n')}\n\nCtrl-C ends everything.`;
}

const IMAGE_PATCH =
  '[{"op": "replace", "path": "/spec/containerDefinitions/0/image", "value": "public.ecr.aws/docker/library/httpd:2.4.62"}]';

const EXAMPLES = [
  '# conditions, and what happened\nkubectl -n shop describe ecssvc backend',
  `# another image: a new revision, and the service rolls
kubectl -n shop patch ecstd backend --type=json -p '${IMAGE_PATCH}'
kubectl -n shop wait ecstd/backend --for=condition=Ready --timeout=2m`,
  '# more tasks\nkubectl -n shop scale ecssvc backend --replicas=4',
  '# drains in AWS first, then goes\nkubectl -n shop delete ecssvc worker',
];
