import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Json } from '../../src/shape/shape.ts';

const FOLDER = new URL('../../../shared/real-ecs-json/', import.meta.url);

/** Whether the real files stand beside the project; tests that need them are skipped when they do not. */
export const realFilesThere = existsSync(FOLDER);

export interface RealFile {
  readonly file: string;
  readonly json: Json;
}

/** What people really wrote, from public repositories. Empty when the folder is absent. */
export function realFiles(folder: 'services' | 'task-definitions'): readonly RealFile[] {
  if (!realFilesThere) return [];
  const directory = new URL(`${folder}/`, FOLDER);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ file, json: JSON.parse(readFileSync(new URL(file, directory), 'utf8')) }));
}
