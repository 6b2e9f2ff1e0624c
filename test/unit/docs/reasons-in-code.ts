import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Node, parseSync, Visitor } from 'oxc-parser';
import { OPERATIONS } from '../../../src/aws/operations.ts';
import { KIND_NAMES } from '../../../src/reconcile/kind.ts';

const root = join(import.meta.dirname, '../../..');

/** Words of this form that are no reasons where they stand as arguments: kinds, types and states of conditions. */
const NO_REASONS: ReadonlySet<string> = new Set([
  ...KIND_NAMES,
  ...['Ready', 'Synced', 'RolledOut', 'Available', 'Reconciling', 'Stalled', 'Drifted'],
  ...['True', 'False', 'Unknown'],
]);

/** What actions are called that are no operation of AWS's by the same name: their Events are called so too. */
const OWN_ACTIONS = ['CreateNamespace', 'UpdateNamespace'];

/** Given for the class of an AWS call's error, in `src/reconcile/standing.ts`. */
const ERROR_CLASSES = ['NotFound', 'AlreadyExists', 'Conflict'];

/** There for the compiler only. */
const UNREACHABLE = ['Failed'];

/**
 * Every reason that the code can give to a condition or an Event: what stands as `reason`, what is handed on as an
 * argument in the same form, the names of actions, and the table for AWS's service events.
 */
export function reasonsInCode(): ReadonlySet<string> {
  const files = globSync('src/{kinds,reconcile}/**/*.ts', { cwd: root }).filter(
    (file) => !/\.test\.ts$|\.gen\.ts$|\/schema(\/|\.ts)|rules?\.ts$|sample-/.test(file),
  );
  const found = new Set(ERROR_CLASSES);
  const note = (word: string | undefined): void => {
    if (word !== undefined) found.add(word);
  };
  for (const file of files) {
    new Visitor({
      Property({ key, value }) {
        const name = key.type === 'Identifier' ? key.name : '';
        const word = camelCase(value);
        if (name === 'reason' || (name === 'type' && isAction(word))) note(word);
      },
      CallExpression({ arguments: given }) {
        for (const word of given.map(camelCase)) if (word === undefined || !NO_REASONS.has(word)) note(word);
      },
      ArrayExpression({ elements: [pattern, type, reason] }) {
        const isRow = pattern?.type === 'Literal' && 'regex' in pattern;
        if (isRow && type?.type === 'Literal' && /^(Normal|Warning)$/.test(String(type.value))) note(camelCase(reason));
      },
    }).visit(parseSync(file, readFileSync(join(root, file), 'utf8')).program);
  }
  for (const word of UNREACHABLE) found.delete(word);
  return found;
}

function camelCase(node: Node | null | undefined): string | undefined {
  if (node?.type !== 'Literal' || typeof node.value !== 'string') return undefined;
  return /^[A-Z][A-Za-z]+$/.test(node.value) ? node.value : undefined;
}

function isAction(word: string | undefined): boolean {
  if (word === undefined) return false;
  return OWN_ACTIONS.includes(word) || Object.values(OPERATIONS).some(({ name }) => name === word);
}
