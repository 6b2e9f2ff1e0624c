import * as ecs from '@aws-sdk/client-ecs';
import * as cloudMap from '@aws-sdk/client-servicediscovery';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from './operations.ts';
import { redact } from './redact.ts';

/** The paths of a request that the SDK marks sensitive. */
function sensitivePaths(schema: NormalizedSchema, path: string, within: readonly string[]): string[] {
  if (schema.getMergedTraits().sensitive) return [path];
  if (schema.isListSchema()) return sensitivePaths(schema.getValueSchema(), `${path}[]`, within);
  if (schema.isMapSchema()) return sensitivePaths(schema.getValueSchema(), `${path}{}`, within);
  if (!schema.isStructSchema() || within.includes(schema.getName() ?? '')) return [];
  return [...schema.structIterator()].flatMap(([name, member]) =>
    sensitivePaths(member, `${path}.${name}`, [...within, schema.getName() ?? '']),
  );
}

describe('redact', () => {
  it('knows every member that the SDK marks sensitive in the requests that the operator makes', () => {
    const found = Object.values(OPERATIONS).flatMap(({ service, name }) => {
      const schemas: Readonly<Record<string, unknown>> = service === 'ecs' ? { ...ecs } : { ...cloudMap };
      const schema = schemas[`${name}Request$`];
      // What NormalizedSchema takes is what the SDK exports under this name.
      return schema === undefined ? [] : sensitivePaths(NormalizedSchema.of(schema as never), name, []);
    });
    expect(found.sort()).toEqual([
      'RegisterTaskDefinition.containerDefinitions[].environment',
      'RegisterTaskDefinition.containerDefinitions[].repositoryCredentials',
    ]);
  });

  it('takes out values, the longest first, wherever they stand, and leaves names', () => {
    const input = {
      containerDefinitions: [
        {
          environment: [
            { name: 'TOKEN', value: 'secret' },
            { name: 'LONGER', value: 'secret-and-more' },
          ],
        },
        { repositoryCredentials: { credentialsParameter: 'arn:aws:secretsmanager:x' } },
      ],
    };
    expect(redact('TOKEN=secret LONGER=secret-and-more at arn:aws:secretsmanager:x', input)).toBe(
      'TOKEN=*** LONGER=*** at ***',
    );
  });

  it('leaves what is no secret, so that the sentence keeps its sense', () => {
    const environment = [
      { name: 'PORT', value: '8080' },
      { name: 'DEBUG', value: 'true' },
      { name: 'X', value: 'is' },
      { name: 'NONE', value: null },
    ];
    expect(redact('port 8080 is true', { environment })).toBe('port 8080 is true');
    expect(redact('web is wrong', { containerDefinitions: [{ name: 'web', image: 'web' }] })).toBe('web is wrong');
  });
});
