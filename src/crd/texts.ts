import { readdirSync, readFileSync } from 'node:fs';

/** In the bundle, scripts/build/bundle.ts puts the texts themselves in place of this name, as JSON. */
declare const BUNDLED_CRDS: string | undefined;

/**
 * The generated CRDs, file name → YAML, by name.
 * @throws when this is a checkout without them.
 */
export function crdTexts(): Readonly<Record<string, string>> {
  return typeof BUNDLED_CRDS === 'undefined' ? readCrdTexts() : JSON.parse(BUNDLED_CRDS);
}

/** The same from the checkout's `crds/`; for building the bundle. */
export function readCrdTexts(): Readonly<Record<string, string>> {
  const folder = new URL('../../crds/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));
}
