import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Kubernetes release that modules/kubernetes pins. */
export const KUBERNETES_VERSION = 'v1.34.4';

/** One program and how Go makes it. */
export interface GoProgram {
  readonly name: 'etcd' | 'kube-apiserver';
  /** The folder below modules/ with the pinned go.mod and go.sum. */
  readonly module: 'etcd' | 'kubernetes';
  readonly packagePath: string;
  readonly linkerFlags: string;
}

const versionPackage = 'k8s.io/component-base/version';

/** What has to be built, the quick one first. */
export const GO_PROGRAMS: readonly GoProgram[] = [
  { name: 'etcd', module: 'etcd', packagePath: 'go.etcd.io/etcd/server/v3', linkerFlags: '-s -w' },
  {
    name: 'kube-apiserver',
    module: 'kubernetes',
    packagePath: 'k8s.io/kubernetes/cmd/kube-apiserver',
    // Without these the server calls itself v0.0.0, and features that depend on the version stay off.
    linkerFlags: [
      '-s -w',
      `-X ${versionPackage}.gitVersion=${KUBERNETES_VERSION}`,
      `-X ${versionPackage}.gitMajor=1`,
      `-X ${versionPackage}.gitMinor=34`,
      `-X ${versionPackage}.gitTreeState=clean`,
    ].join(' '),
  },
];

/**
 * The folder with the pinned Go modules: beside this file in a checkout, and in the published package below its root
 * (this code is then part of dist/ecs-operator.js). Undefined when the bundle stands alone, without its package.
 */
export function goModulesDirectory(here = dirname(fileURLToPath(import.meta.url))): string | undefined {
  return [join(here, 'modules'), join(here, '..', 'src', 'devcluster', 'modules')].find((directory) =>
    existsSync(join(directory, 'kubernetes', 'go.mod')),
  );
}
