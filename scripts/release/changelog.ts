/**
 * What a changelog in the format of Keep a Changelog says of a version, without its heading.
 * @returns undefined where it has no such version
 * @see https://keepachangelog.com/en/1.1.0/
 */
export function notesOf(changelog: string, version: string): string | undefined {
  const lines = changelog.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (start === -1) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => /^## |^\[[^\]]+\]: /.test(line));
  return lines
    .slice(start + 1, length === -1 ? undefined : start + 1 + length)
    .join('\n')
    .trim();
}

/** What keeps a version from being released, in lines that say what to do; empty when nothing does. */
export function unready(input: {
  readonly version: string;
  /** Where a version stands → which. */
  readonly found: Readonly<Record<string, string>>;
  readonly changelog: string;
}): readonly string[] {
  const { version, found, changelog } = input;
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))
    return [`"${version}" is no version, e.g. 1.2.3 or 1.2.3-rc.1`];
  const wrong = Object.entries(found)
    .filter(([, other]) => other !== version)
    .map(([where, other]) => `${where} says ${other}: change it`);
  const notes = notesOf(changelog, version);
  const missing =
    notes === undefined ? [`CHANGELOG.md has no "## [${version}] - date": name what is in Unreleased so`] : [];
  return [...wrong, ...missing, ...(notes === '' ? [`CHANGELOG.md says nothing of ${version}`] : [])];
}
