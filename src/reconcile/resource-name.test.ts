import { expect, test } from 'vitest';
import { type NameInput, resolveName } from './resource-name.ts';
import { sampleObject } from './sample-objects.ts';

test.each<{ why: string; input: Partial<NameInput>; name: string }>([
  { why: 'the object’s own name', input: {}, name: 'prod' },
  { why: 'by the account’s template', input: { template: '{namespace}-{name}' }, name: 'shop-prod' },
  { why: 'each place in the template', input: { template: '{name}.{name}' }, name: 'prod.prod' },
  { why: 'the one given goes before the template', input: { explicit: 'given', template: 'x-{name}' }, name: 'given' },
  { why: 'an empty one is none', input: { explicit: '' }, name: 'prod' },
  {
    why: 'once resolved it stays, whatever the template says later',
    input: { object: sampleObject({ status: { name: 'former' } }), explicit: 'given', template: 'x-{name}' },
    name: 'former',
  },
])('$name: $why', ({ input, name }) => {
  expect(resolveName({ object: sampleObject(), explicit: undefined, template: undefined, ...input })).toBe(name);
});
