import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { AssetSource } from './assets.ts';
import { DevclusterError } from './errors.ts';
import { GO_PROGRAMS, type GoProgram } from './go-modules.ts';
import { startGuarded } from './guard.ts';
import type { Progress } from './progress.ts';

/** Builds the programs from the pinned Go modules; takes minutes when Go's own cache is empty. */
export function goModulesSource(options: {
  /** The folder with the pinned modules; undefined when this installation has none. */
  readonly modules: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}): AssetSource {
  const { modules, env } = options;
  return {
    name: 'Go modules',
    async make(directory, progress) {
      if (modules === undefined) {
        throw new DevclusterError('the pinned modules are not part of this installation, only of the npm package');
      }
      await requireGo(env);
      const temporary = join(directory, 'tmp');
      await mkdir(temporary);
      for (const program of GO_PROGRAMS) {
        await build({ program, directory, temporary, modules, env, progress });
      }
      await rm(temporary, { recursive: true });
    },
  };
}

async function requireGo(env: NodeJS.ProcessEnv): Promise<void> {
  const go = startGuarded({ command: 'go', args: ['version'], cwd: '/', env, output: { onText: () => {} } });
  if ((await go.exited) !== 0) throw new DevclusterError('there is no working `go` on the PATH');
}

interface Build {
  readonly program: GoProgram;
  readonly directory: string;
  readonly temporary: string;
  readonly modules: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
}

async function build({ program, directory, temporary, modules, env, progress }: Build): Promise<void> {
  const step = progress.start(`building ${program.name} from source (minutes the first time)`);
  const output = goOutput((detail) => step.note(detail));
  // Guarded, so that a build does not go on for minutes after Ctrl-C.
  const go = startGuarded({
    command: 'go',
    args: [
      'build',
      '-C',
      join(modules, program.module),
      '-mod=readonly',
      '-buildvcs=false',
      '-trimpath',
      '-v',
      '-p',
      String(availableParallelism()),
      '-ldflags',
      program.linkerFlags,
      '-o',
      join(directory, program.name),
      program.packagePath,
    ],
    cwd: directory,
    // A workspace or a cross-compile setting of the user's is not meant for this.
    env: { ...env, CGO_ENABLED: '0', GOWORK: 'off', GOOS: '', GOARCH: '', GOTMPDIR: temporary },
    output: { onText: output.add },
  });
  const code = await go.exited;
  step.end(code === 0 ? 'done' : 'failed');
  if (code !== 0) throw new DevclusterError(`go build of ${program.name} failed: ${output.failure()}`);
}

/** What `go build -v` prints, summed up: a line per downloaded module and per compiled package, else what is wrong. */
export function goOutput(onDetail: (detail: string) => void): { add(text: string): void; failure(): string } {
  let downloaded = 0;
  let compiled = 0;
  let rest = '';
  const other: string[] = [];
  const line = (text: string) => {
    if (text.startsWith('go: downloading ')) downloaded++;
    else if (/^[\w./~-]+$/.test(text)) compiled++;
    else if (text.trim() !== '') other.push(text.trim());
    onDetail(compiled === 0 ? `${downloaded} modules downloaded` : `${compiled} packages compiled`);
  };
  return {
    add(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const one of lines) line(one);
    },
    failure: () => [...other, ...(rest === '' ? [] : [rest])].slice(-3).join(' | ') || 'it printed no reason',
  };
}
