import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../../src/shape/shape.ts';

const FOLDER = fileURLToPath(new URL('../../../../shared/real-ecs-json/', import.meta.url));

/** Definitions that people wrote lie beside the project, not in it. */
export const realFilesAreThere = existsSync(FOLDER);

/** The files of `task-definitions` or `services`, by name without `.json`. */
export function realFiles(
  folder: 'task-definitions' | 'services',
): readonly (readonly [name: string, spec: JsonObject])[] {
  if (!realFilesAreThere) return [];
  return readdirSync(`${FOLDER}${folder}`)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      // What people wrote is a JSON object; anything else fails the test that reads it.
      const spec = JSON.parse(readFileSync(`${FOLDER}${folder}/${file}`, 'utf8')) as JsonObject;
      return [file.replace('.json', ''), spec] as const;
    });
}
