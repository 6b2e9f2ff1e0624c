import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { parseAllDocuments } from 'yaml';

/** The chart's folder. */
export const CHART = fileURLToPath(new URL('../../charts/ecs-operator', import.meta.url));
export const RELEASE = 'ecs-operator';
export const NAMESPACE = 'ops';

const found = inject('helm');
/** Why tests that need helm are skipped; undefined when they are not. */
export const missingHelm = 'missing' in found ? found.missing : undefined;
/** For the names of such tests. */
export const unlessMissing = missingHelm === undefined ? '' : ` (skipped: ${missingHelm})`;

/** An object of the chart. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // What else there is depends on the kind, and tests look at all of it.
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly [member: string]: any;
}

/** How helm ended. */
export interface HelmEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs helm to its end. Its own settings and caches are not a user's. */
export function helm(
  args: readonly string[],
  options: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
) {
  const path = 'path' in found ? found.path : 'helm';
  return new Promise<HelmEnd>((resolve) => {
    const child = execFile(
      path,
      args,
      { env: { PATH: process.env.PATH, HOME: '/nonexistent', ...options.env }, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
    child.stdin?.end(options.input ?? '');
  });
}

/** `helm template` with values; what is wrong is in `stderr`. */
export function template(values: object, ...flags: readonly string[]): Promise<HelmEnd> {
  const args = ['template', RELEASE, CHART, `--namespace=${NAMESPACE}`, '--values=-', ...flags];
  return helm(args, { input: JSON.stringify(values) });
}

/** The objects of the chart with these values, sorted by kind and name. @throws what helm says. */
export async function render(values: object, ...flags: readonly string[]): Promise<readonly Rendered[]> {
  const { code, stdout, stderr } = await template(values, ...flags);
  if (code !== 0) throw new Error(stderr);
  const objects = parseAllDocuments(stdout).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`${document.errors[0]?.message}\n${stdout}`);
    // Safe: helm gives objects of Kubernetes, and empty documents.
    return (document.toJS() ?? []) as Rendered;
  });
  const key = ({ kind, metadata }: Rendered) => `${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
  return objects.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The one object of a kind, or of a kind and name. */
export function only(objects: readonly Rendered[], kind: string, name?: string): Rendered {
  const fits = objects.filter(
    (object) => object.kind === kind && (name ?? object.metadata.name) === object.metadata.name,
  );
  const [one] = fits;
  if (one === undefined || fits.length > 1) throw new Error(`there are ${fits.length} ${kind} ${name ?? ''}`);
  return one;
}
