import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { KIND_SCHEMAS } from '../../../src/crd/kinds.ts';
import type { KindSchema } from '../../../src/kinds/schema/kind-schema.ts';
import type { JsonObject } from '../../../src/shape/shape.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/accepted-v1alpha1/', import.meta.url));

/** An object that every release of v1alpha1 accepts. */
export interface Fixture {
  readonly file: string;
  readonly kind: KindSchema;
  /** As it stands in the file. */
  readonly object: JsonObject & { readonly spec?: JsonObject };
}

/** All of them, by file name. @throws when a file speaks of a kind that does not exist. */
export function acceptedFixtures(): readonly Fixture[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const object: Fixture['object'] = parse(readFileSync(`${FOLDER}${file}`, 'utf8'));
      const kind = KIND_SCHEMAS.find((schema) => schema.kind === object.kind);
      if (kind === undefined) throw new Error(`${file}: no kind ${String(object.kind)}`);
      return { file, kind, object };
    });
}
