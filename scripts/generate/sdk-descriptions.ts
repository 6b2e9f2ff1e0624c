import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { Descriptions } from '../../src/crd/descriptions.ts';

const require = createRequire(import.meta.url);

/**
 * AWS's documentation of every member of every interface in a client's type declarations, read with a real parser.
 * @throws when a declaration file cannot be parsed, or none has an interface: then the SDK has changed its layout.
 */
export function readDescriptions(client: string): Descriptions {
  const folder = join(dirname(require.resolve(`@aws-sdk/${client}/package.json`)), 'dist-types', 'models');
  const texts = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => /^models_\d+\.d\.ts$/.test(name))) {
    for (const [key, text] of membersOf(join(folder, file))) texts.set(key, text);
  }
  if (texts.size === 0) throw new Error(`no documented member found in ${folder}; the SDK's layout has changed`);
  return { describe: (interfaceName, awsName) => texts.get(`${interfaceName}.${awsName}`) };
}

function* membersOf(file: string): Generator<readonly [key: string, text: string]> {
  const source = readFileSync(file, 'utf8');
  const { program, comments, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`cannot parse ${file}: ${errors[0]?.message ?? ''}`);
  // A member's documentation is the block that ends right before it.
  const byEnd = new Map(comments.filter((one) => one.type === 'Block').map((one) => [one.end, one.value]));
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const declaration = statement.declaration;
    if (declaration?.type !== 'TSInterfaceDeclaration') continue;
    for (const member of declaration.body.body) {
      if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') continue;
      const before = source.slice(0, member.start).trimEnd().length;
      const comment = byEnd.get(before);
      if (comment !== undefined) yield [`${declaration.id.name}.${member.key.name}`, plain(comment)];
    }
  }
}

/** The text of a documentation comment, without stars and tags. */
function plain(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*+ ?/, ''))
    .filter((line) => !line.startsWith('@'))
    .join(' ')
    .trim();
}
