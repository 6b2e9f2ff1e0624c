// `node scripts/release-notes.ts VERSION`: prints what CHANGELOG.md says of a version, for its release. It fails where
// the package, the chart or the changelog is of another version.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { VERSION } from '../src/version.ts';
import { notesOf, unready } from './release/changelog.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const [version = ''] = process.argv.slice(2);
const changelog = readFileSync(`${root}CHANGELOG.md`, 'utf8');
// Safe: the tests of the chart hold these members.
const chart = parse(readFileSync(`${root}charts/ecs-operator/Chart.yaml`, 'utf8')) as Record<
  'version' | 'appVersion',
  string
>;

const problems = unready({
  version,
  found: { 'package.json': VERSION, 'Chart.yaml version': chart.version, 'Chart.yaml appVersion': chart.appVersion },
  changelog,
});
if (problems.length > 0) {
  process.stderr.write(
    `${version || 'no version'} cannot be released:\n${problems.map((line) => `  ${line}\n`).join('')}`,
  );
  process.exit(1);
}
process.stdout.write(`${notesOf(changelog, version)}\n`);
