import type { NamespaceFilter } from '@aws-sdk/client-servicediscovery';
import type { Checked } from './inputs.ts';
import { checkChoice } from './patterns.ts';
import { invalidInput, type NamespaceRecord } from './state.ts';

/** Which conditions AWS supports for which filter (model of NamespaceFilter). */
const CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  TYPE: ['EQ', 'BEGINS_WITH'],
  NAME: ['EQ', 'BEGINS_WITH'],
  HTTP_NAME: ['EQ', 'BEGINS_WITH'],
  RESOURCE_OWNER: ['EQ'],
};

/**
 * What one filter of ListNamespaces lets through.
 * @throws AwsError InvalidInput for a name, condition or number of values that AWS does not take.
 */
export function namespaceMatcher(filter: Checked<NamespaceFilter>): (record: NamespaceRecord) => boolean {
  const { Name, Values, Condition = 'EQ' } = filter;
  checkChoice({ at: 'filters.name', value: Name, choices: Object.keys(CONDITIONS) });
  if (!CONDITIONS[Name]?.includes(Condition)) throw invalidInput(`Filter ${Name} does not support ${Condition}.`);
  const [wanted, ...others] = Values;
  if (wanted === undefined || others.length > 0) throw invalidInput(`Filter ${Name} takes exactly one value.`);
  if (Name === 'RESOURCE_OWNER') return ownerMatcher(wanted);
  const matches = (value: string) => (Condition === 'BEGINS_WITH' ? value.startsWith(wanted) : value === wanted);
  switch (Name) {
    case 'TYPE':
      return ({ type }) => matches(type);
    case 'HTTP_NAME':
      return ({ httpName }) => matches(httpName);
    default:
      return ({ name }) => matches(name);
  }
}

/**
 * The filter RESOURCE_OWNER: nothing is shared with an account here, so all is its own.
 * @throws AwsError InvalidInput for anything but SELF and OTHER_ACCOUNTS.
 */
export function ownerMatcher(owner: string): () => boolean {
  checkChoice({ at: 'filters.values', value: owner, choices: ['SELF', 'OTHER_ACCOUNTS'] });
  return () => owner === 'SELF';
}
