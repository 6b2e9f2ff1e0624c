import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATIONS, type Operation } from '../../../src/aws/operations.ts';

const root = join(import.meta.dirname, '../../..');

/** The operations that the code names in a call, as opposed to those that the gateway would know. */
export function calledOperations(): ReadonlySet<Operation> {
  const sources = globSync('src/{kinds,reconcile,aws}/**/*.ts', { cwd: root }).filter(
    (file) => !/\.test\.ts$|aws\/operations\.ts$|aws\/iam\//.test(file),
  );
  const names = sources.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/'([a-z]+\.[A-Z][A-Za-z]+)'/g)].map(([, name = '']) => name),
  );
  return new Set(names.filter(isOperation));
}

function isOperation(name: string): name is Operation {
  return Object.hasOwn(OPERATIONS, name);
}
