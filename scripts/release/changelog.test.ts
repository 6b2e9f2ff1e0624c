import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { notesOf, unready } from './changelog.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.1.0] - 2026-12-01

### Added

- A thing.

## [1.0.0] - 2026-11-01

- First.

[1.1.0]: https://example.com/compare/v1.0.0...v1.1.0
`;

describe('the notes of a release', () => {
  const cases: readonly (readonly [version: string, notes: string | undefined, why: string])[] = [
    ['1.1.0', '### Added\n\n- A thing.', 'between two versions'],
    ['1.0.0', '- First.', 'the last one, without the links below'],
    ['Unreleased', '', 'nothing yet'],
    ['1.1', undefined, 'part of a version is none'],
  ];

  it.each(cases)('of %s are what the changelog says of it', (version, notes) => {
    expect(notesOf(CHANGELOG, version)).toBe(notes);
  });
});

describe('a release', () => {
  const found = { 'package.json': '1.1.0', 'Chart.yaml version': '1.1.0' };

  it('is ready when package, chart and changelog are of its version', () => {
    expect(unready({ version: '1.1.0', found, changelog: CHANGELOG })).toEqual([]);
  });

  it.each([
    [{ version: 'v1.1.0' }, ['"v1.1.0" is no version, e.g. 1.2.3 or 1.2.3-rc.1']],
    [{ version: '1.1.0', found: { ...found, 'package.json': '1.0.0' } }, ['package.json says 1.0.0: change it']],
    [{ version: '1.2.0', found: {} }, ['CHANGELOG.md has no "## [1.2.0] - date": name what is in Unreleased so']],
    [{ version: '1.2.0', found: {}, changelog: '## [1.2.0] - x\n' }, ['CHANGELOG.md says nothing of 1.2.0']],
  ])('is refused with what to do: %j', (input, problems) => {
    expect(unready({ found, changelog: CHANGELOG, ...input })).toEqual(problems);
  });

  it('stops in one place when the tag is of another version than the rest', () => {
    const script = fileURLToPath(new URL('../release-notes.ts', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, '99.0.0'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('99.0.0 cannot be released');
    expect(stderr).toContain('package.json says');
  });
});
