import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const src = import.meta.dirname;

/**
 * Which folder may import which, beside itself (section 3 of the design). What is not a folder (config.ts, operator.ts,
 * main.ts, …) stands under its own name.
 */
const ARROWS: Readonly<Record<string, readonly string[] | 'everything'>> = {
  kube: [],
  runtime: ['kube'],
  aws: [],
  shape: [],
  reconcile: ['runtime', 'kube', 'aws', 'shape'],
  kinds: ['reconcile', 'runtime', 'kube', 'aws', 'shape'],
  crd: ['kinds', 'shape'],
  telemetry: ['runtime', 'aws', 'kube'],
  'fake-aws': [],
  devcluster: [],
  'flag-values.ts': [],
  'config.ts': ['flag-values.ts'],
  'version.ts': [],
  'cluster-id.ts': ['runtime'],
  'operator-options.ts': ['runtime', 'kube', 'aws', 'reconcile'],
  cli: 'everything',
  'operator.ts': 'everything',
  'main.ts': 'everything',
};

/** Leaves that everyone may import: time and chance come in as arguments, and these say what they are. */
const LEAVES = ['runtime/clock.ts', 'runtime/random.ts', 'runtime/virtual-clock.ts'];

/** What only some folders may load. Types may be used anywhere, and the SDK's schemas (`CreateServiceRequest$`). */
const PACKAGES: readonly {
  readonly pattern: RegExp;
  readonly names: RegExp;
  readonly folders: readonly string[];
  readonly why: string;
}[] = [
  {
    pattern: /^@aws-sdk\//,
    names: /(Client|Command|ECS|ServiceDiscovery|STS)$|^(from|paginate|waitUntil)[A-Z]/,
    // The fake looks the schemas up by their names, so it loads the packages whole.
    folders: ['aws', 'fake-aws'],
    why: 'aws/ is the one gateway to AWS',
  },
  { pattern: /^@kubernetes\/client-node/, names: /./, folders: ['kube'], why: 'kube/ is the one client of Kubernetes' },
  {
    pattern: /^(prom-client|pino|pino-pretty)$/,
    names: /./,
    folders: ['telemetry', 'cli'],
    why: 'telemetry/ has them',
  },
];

/** Files that make time and chance, or stand outside the operator. */
const MAY_TELL_TIME = /^(cli\/|devcluster\/|main\.ts$|runtime\/(clock|random|virtual-clock)\.ts$)/;

const files = globSync('**/*.ts', { cwd: src })
  .filter((file) => !/\.test\.ts$/.test(file))
  .sort();

interface Import {
  readonly from: string;
  /** What is loaded of it; types are erased before that. */
  readonly names: readonly string[];
}

function importsOf(text: string): readonly Import[] {
  const { module, errors } = parseSync('file.ts', text);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      from: moduleRequest.value,
      names: entries.filter(({ isType }) => !isType).map(({ importName }) => importName.name ?? '*'),
    })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType, importName }) =>
        moduleRequest ? [{ from: moduleRequest.value, names: isType ? [] : [importName.name ?? '*'] }] : [],
      ),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => ({
      from: text.slice(moduleRequest.start, moduleRequest.end).replace(/^['"]|['"]$/g, ''),
      names: ['*'],
    })),
  ];
}

const layerOf = (file: string): string => file.split('/')[0] ?? file;

/** What is wrong with the imports of a file, a line each. */
function brokenArrows(file: string, text: string): readonly string[] {
  const layer = layerOf(file);
  const allowed = ARROWS[layer];
  if (allowed === undefined) return [`${file}: the layers of the design know no ${layer}; say what it may import`];
  return importsOf(text).flatMap(({ from, names }) => {
    const bad = PACKAGES.find(({ pattern, folders }) => pattern.test(from) && !folders.includes(layer));
    const loaded = bad && names.find((name) => name === '*' || bad.names.test(name));
    if (bad && loaded) return [`${file} loads ${loaded} of ${from}: ${bad.why}`];
    if (!from.startsWith('.')) return [];
    const target = relative(src, join(src, dirname(file), from));
    if (target.startsWith('..') || LEAVES.includes(target) || layerOf(target) === layer) return [];
    return allowed === 'everything' || allowed.includes(layerOf(target)) ? [] : [`${file} imports ${target}`];
  });
}

const HIDDEN_MEMBERS =
  /^(Date\.now|Math\.random|performance\.now|crypto\.(randomUUID|getRandomValues)|process\.hrtime|AbortSignal\.timeout)$/;
const HIDDEN_GLOBALS = /^(setTimeout|setInterval|setImmediate)$/;
const HIDDEN_IMPORTS = /^(randomUUID|randomBytes|randomInt|getRandomValues|webcrypto)$/;

/** Where a file takes time or chance from the air. */
function hiddenTime(file: string, text: string): readonly string[] {
  const { program } = parseSync(file, text);
  const found: string[] = [];
  const report = (what: string, at: number): void => {
    found.push(`${file}:${text.slice(0, at).split('\n').length} uses ${what}`);
  };
  new Visitor({
    MemberExpression({ object, property, start }) {
      const name =
        object.type === 'Identifier' && property.type === 'Identifier' ? `${object.name}.${property.name}` : '';
      if (HIDDEN_MEMBERS.test(name)) report(name, start);
      if (/^globalThis\.(set\w+|Date|Math|performance)$/.test(name)) report(name, start);
    },
    CallExpression({ callee, start }) {
      if (callee.type !== 'Identifier') return;
      if (HIDDEN_GLOBALS.test(callee.name) || callee.name === 'Date') report(callee.name, start);
    },
    NewExpression({ callee, arguments: given, start }) {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0) report('new Date()', start);
    },
    ImportDeclaration({ source, specifiers, start }) {
      if (/^node:(timers|perf_hooks)/.test(source.value)) report(source.value, start);
      if (source.value !== 'node:crypto') return;
      for (const { local } of specifiers) if (HIDDEN_IMPORTS.test(local.name)) report(local.name, start);
    },
  }).visit(program);
  return found;
}

const read = (file: string): string => readFileSync(join(src, file), 'utf8');

describe('the layers', () => {
  it('are imported along the arrows of the design only', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => brokenArrows(file, read(file)))).toEqual([]);
  });

  it('take time and chance from outside, so that every run can be replayed', () => {
    const inside = files.filter((file) => !MAY_TELL_TIME.test(file));
    expect(inside.flatMap((file) => hiddenTime(file, read(file)))).toEqual([]);
  });

  it('name every folder of src/', () => {
    const layers = [...new Set(files.map(layerOf))];
    expect(layers.filter((layer) => !(layer in ARROWS))).toEqual([]);
    expect(relative(root, src)).toBe('src');
  });
});

describe('the check of the layers', () => {
  it.each([
    ['aws/x.ts', "import { a } from '../runtime/queue.ts';", 'aws knows only the leaves of runtime'],
    ['runtime/x.ts', "import type { A } from '../aws/gateway.ts';", 'types are arrows too'],
    ['kube/x.ts', "export { a } from '../runtime/store.ts';", 're-exports are imports'],
    ['kinds/ecs-service/x.ts', "const a = await import('../../telemetry/log.ts');", 'so are dynamic imports'],
    ['kinds/ecs-service/x.ts', "import { ECSClient } from '@aws-sdk/client-ecs';", 'only aws/ calls AWS'],
    ['novel/x.ts', '', 'a new folder has to be given its place'],
  ])('refuses %s with %s (%s)', (file, text) => {
    expect(brokenArrows(file, text)).toHaveLength(1);
  });

  it.each([
    ['aws/x.ts', "import { sleep } from '../runtime/clock.ts';"],
    ['kinds/ecs-service/x.ts', "import type { Service } from '@aws-sdk/client-ecs';"],
    ['kinds/ecs-service/x.ts', "import { a } from '../tags.ts';"],
    ['shape/x.ts', "import { CreateServiceRequest$ } from '@aws-sdk/client-ecs';"],
    ['cli/x.ts', "import { a } from '../telemetry/log.ts';"],
    ['version.ts', "import packageJson from '../package.json' with { type: 'json' };"],
  ])('lets %s pass with %s', (file, text) => {
    expect(brokenArrows(file, text)).toEqual([]);
  });

  it.each([
    'const now = Date.now();',
    'const now = new Date();',
    'setTimeout(() => {}, 1);',
    'const dice = Math.random();',
    "import { randomUUID } from 'node:crypto';",
    "import { setTimeout as sleep } from 'node:timers/promises';",
    'const signal = AbortSignal.timeout(5);',
    'globalThis.setTimeout(() => {}, 1);',
  ])('refuses hidden time or chance: %s', (text) => {
    expect(hiddenTime('aws/x.ts', text)).toHaveLength(1);
  });

  it.each(['const at = new Date(ms);', 'clock.now();', "// Date.now() in a comment\nconst text = 'Math.random()';"])(
    'lets pass what has none: %s',
    (text) => {
      expect(hiddenTime('aws/x.ts', text)).toEqual([]);
    },
  );
});
