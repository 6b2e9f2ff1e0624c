import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { CommandError } from '../command-error.ts';

/** One object of a manifest, as it stands there. */
export interface Manifest {
  /** For messages: file and position. */
  readonly where: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly object: Readonly<Record<string, unknown>>;
}

/**
 * Reads manifests from files, and from the .yaml, .yml and .json files of folders, in the order of their names.
 * @throws CommandError that names the file and what is wrong with it.
 */
export async function readManifests(paths: readonly string[]): Promise<readonly Manifest[]> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  const manifests = await Promise.all(files.map(readFileOf));
  return manifests.flat();
}

async function filesOf(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
    return names.map((name) => join(path, name));
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${reasonOf(error)}`);
  }
}

async function readFileOf(file: string): Promise<readonly Manifest[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`cannot read ${file}: ${reasonOf(error)}`);
  }
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) throw new CommandError(`${file}: ${error.message.split('\n')[0]}`);
    const value: unknown = document.toJS();
    return value === null ? [] : [manifestOf(value, `${file}, document ${index + 1}`)];
  });
}

function manifestOf(value: unknown, where: string): Manifest {
  const object = asObject(value, where);
  const metadata = asObject(object.metadata, `${where}: metadata`);
  const { apiVersion, kind } = object;
  const { name, namespace } = metadata;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') {
    throw new CommandError(`${where}: apiVersion, kind and metadata.name are needed`);
  }
  return { where, apiVersion, kind, name, namespace: typeof namespace === 'string' ? namespace : undefined, object };
}

function asObject(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CommandError(`${where}: not an object`);
  }
  // Safe: an object that is no list has members, of whatever type.
  return value as Readonly<Record<string, unknown>>;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'there is no such file';
  return error instanceof Error ? error.message : String(error);
}
