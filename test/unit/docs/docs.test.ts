import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { applyAccountsCommand } from '../../../src/cli/apply-accounts.ts';
import { crdsCommand } from '../../../src/cli/crds.ts';
import { devCommand } from '../../../src/cli/dev/command.ts';
import { fakeAwsCommand } from '../../../src/cli/fake-aws.ts';
import { probeCommand } from '../../../src/cli/probe.ts';
import { runCommand } from '../../../src/cli/run.ts';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import { HELP } from '../../../src/fake-aws/http/help.ts';
import { Metrics } from '../../../src/telemetry/metrics.ts';
import { reasonsInCode } from './reasons-in-code.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** What stands in a page between backquotes. */
const codeIn = (page: string): ReadonlySet<string> =>
  new Set([...read(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code));
/** The first cells of a page's tables, without backquotes. */
const rowsOf = (page: string): readonly string[] =>
  [...read(page).matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);

const PAGES = [...globSync('*.md', { cwd: root }), 'iam/README.md', ...globSync('docs/*.md', { cwd: root })].sort();

describe('docs/configuration.md', () => {
  const commands = [
    runCommand('0'),
    devCommand(),
    fakeAwsCommand(),
    crdsCommand(),
    applyAccountsCommand('0'),
    probeCommand(),
  ];
  const section = (command: Command): string => {
    const [, after = ''] = read('docs/configuration.md').split(`\n## \`${command.name()}\``);
    return after.split('\n## ')[0] ?? '';
  };

  it.each(commands.map((command) => [command.name(), command] as const))(
    'has every flag of %s, with its default, and no other',
    (_name, command) => {
      const documented = [...section(command).matchAll(/^\| `(--[a-z-]+)[^`]*` \| (.*?) \|/gm)];
      const flags = new Map(documented.map(([, flag = '', shown = '']) => [flag, shown]));
      expect([...flags.keys()].sort()).toEqual(command.options.map(({ long }) => long ?? '').sort());
      for (const { long, defaultValue, defaultValueDescription, negate } of command.options) {
        const value = defaultValueDescription ?? defaultValue;
        if (value === undefined || value === false || negate) continue;
        expect(flags.get(long ?? ''), `the default of ${long}`).toContain(`\`${value}\``);
      }
    },
  );
});

describe('docs/metrics.md', () => {
  it('has every metric of ours, and no other', async () => {
    const metrics = new Metrics({ conditionLimit: 1, version: '0' });
    const text = await metrics.text();
    const own = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
    const ours = own.filter((name) => !/^(process|nodejs)_/.test(name));
    expect([...rowsOf('docs/metrics.md')].sort()).toEqual(ours.sort());
  });
});

describe('docs/conditions.md', () => {
  it('explains every reason of a condition or an Event that the code gives, and no other', () => {
    const inCode = reasonsInCode();
    expect(inCode.size).toBeGreaterThan(50);
    const explained = new Set(rowsOf('docs/conditions.md'));
    expect(
      [...inCode].filter((reason) => !explained.has(reason)),
      'not explained',
    ).toEqual([]);
    expect(
      [...explained].filter((reason) => !inCode.has(reason)),
      'explained, but given nowhere',
    ).toEqual([]);
  });

  it('explains every type of condition', () => {
    const page = read('docs/conditions.md');
    for (const type of ['Ready', 'Synced', 'RolledOut', 'Available', 'Reconciling', 'Stalled', 'Drifted']) {
      expect(page).toContain(`**${type}**`);
    }
  });
});

describe('README.md', () => {
  it('has every kind with its short name', () => {
    for (const { kind, shortName } of KIND_SCHEMAS) {
      expect(read('README.md')).toMatch(
        new RegExp(`\\| (\\[\`?${kind}\`?\\]\\([^)]*\\)|\`${kind}\`)[^|]*\\| \`${shortName}\` \\|`),
      );
    }
  });
});

describe('docs/fake-aws.md', () => {
  it('has every control of the fake', () => {
    const page = read('docs/fake-aws.md');
    const paths = new Set(
      [...HELP.matchAll(/^ {2}(?:GET|POST|DELETE) +(\/_fake\/[a-z/-]+)/gm)].map(([, path = '']) => path),
    );
    expect(paths.size).toBeGreaterThan(10);
    expect([...paths].filter((path) => !page.includes(`\`${path}\``))).toEqual([]);
  });
});

describe('every page', () => {
  it.each(PAGES)('%s links to files and headings that are there', (page) => {
    const text = read(page).replace(/^```[\s\S]*?^```/gm, '');
    const broken: string[] = [];
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', heading] = target.split('#');
      const file = path === '' ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, file))) broken.push(target);
      else if (heading !== undefined && !headingsOf(file).has(heading)) broken.push(target);
    }
    expect(broken).toEqual([]);
  });

  it.each(PAGES)('%s names files of the repository that are there', (page) => {
    const named = [...codeIn(page)].filter((code) =>
      /^(src|test|scripts|docs|examples|crds|\.ci)\/[\w./-]+$/.test(code),
    );
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it.each(PAGES)('%s names npm scripts that are there', (page) => {
    const named = [...read(page).matchAll(/npm run ([a-z0-9:]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !Object.hasOwn(packageJson.scripts, script))).toEqual([]);
  });

  it('is in the index', () => {
    const index = read('docs/README.md');
    const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    expect(pages.filter((page) => !index.includes(`](${relative('docs', page)})`))).toEqual([]);
  });
});

/** The anchors that GitHub makes of a page's headings. */
function headingsOf(page: string): ReadonlySet<string> {
  const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
