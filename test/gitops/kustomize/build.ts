import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';

const COMPONENT = fileURLToPath(new URL('../../../kustomize', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));

const found = inject('kustomize');
/** Why tests that need kustomize are skipped; undefined when they are not. */
export const missingKustomize = 'missing' in found ? found.missing : undefined;

/** An object that kustomize gave. */
export interface Built {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // Tests look at whatever a spec holds.
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly spec?: any;
}

/** What a kustomization says besides its resources and the component. */
export interface Kustomization {
  /** Objects instead of the examples. */
  readonly objects?: readonly object[];
  /** False leaves the component out. */
  readonly component?: boolean;
  readonly [member: string]: unknown;
}

/** Runs `kustomize build` over the examples, with the component. @throws what kustomize says. */
export async function build({ objects, component = true, ...more }: Kustomization): Promise<readonly Built[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-operator-kustomize-'));
  try {
    cpSync(COMPONENT, join(folder, 'component'), { recursive: true });
    mkdirSync(join(folder, 'base'));
    const base = join(folder, 'base');
    if (objects === undefined) cpSync(EXAMPLES, base, { recursive: true });
    else writeFileSync(join(base, 'objects.yaml'), objects.map((one) => stringify(one)).join('---\n'));
    const files = objects === undefined ? globSync('*.yaml', { cwd: EXAMPLES }).sort() : ['objects.yaml'];
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: files.map((file) => `base/${file}`),
      ...(component && { components: ['component'] }),
      ...more,
    };
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
    const path = 'path' in found ? found.path : 'kustomize';
    const { stdout } = await promisify(execFile)(path, ['build', folder]);
    // Safe: kustomize gives objects of Kubernetes.
    return parseAllDocuments(stdout).map((document) => document.toJS() as Built);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The one object of a kind and name. */
export function one(objects: readonly Built[], kind: string, name: string): Built {
  const [object, ...others] = objects.filter((each) => each.kind === kind && each.metadata.name === name);
  if (object === undefined || others.length > 0) throw new Error(`there is not one ${kind} ${name}`);
  return object;
}
