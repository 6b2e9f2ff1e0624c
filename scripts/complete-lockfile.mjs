// Run after `npm install` has changed package-lock.json. A registry that does not carry the packages of other
// platforms makes npm leave them out of the lockfile, and `npm ci` then refuses it: this puts them in, by version alone.
import { readFileSync, writeFileSync } from 'node:fs';

const CPUS = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  arm: 'arm',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
};
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
let added = 0;
for (const [path, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `${path.slice(0, path.lastIndexOf('node_modules/'))}node_modules/${name}`;
    if (lock.packages[key] !== undefined || lock.packages[`node_modules/${name}`]?.version === version) continue;
    const words = name.split('/').at(-1).split('-');
    const os = SYSTEMS.find((system) => words.includes(system));
    const cpu = words.map((word) => CPUS[word]).find((word) => word !== undefined);
    if (os === undefined || cpu === undefined) throw new Error(`which platform is ${name} for? teach this script`);
    const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc';
    lock.packages[key] = {
      version,
      cpu: [cpu],
      ...(entry.dev && { dev: true }),
      ...(os === 'linux' && words.some((word) => /^(musl|gnu)/.test(word)) && { libc: [libc] }),
      license: entry.license,
      optional: true,
      os: [os],
      ...(entry.engines && { engines: entry.engines }),
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`added ${added} packages of other platforms\n`);
