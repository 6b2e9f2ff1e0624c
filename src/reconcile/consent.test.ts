import { expect, test } from 'vitest';
import { allowsNamespace } from './consent.ts';
import { sampleNamespace } from './sample-objects.ts';
import type { AllowedNamespaces } from './types.ts';

const SHOP = sampleNamespace('shop', { labels: { team: 'a' } });

test.each<{ allowed: AllowedNamespaces | undefined; known?: false; allows: boolean; why: string }>([
  { allowed: undefined, allows: false, why: 'nothing said means no' },
  { allowed: {}, allows: false, why: 'and so does an empty grant' },
  { allowed: { names: [] }, allows: false, why: 'no name, no one' },
  { allowed: { names: ['shop'] }, allows: true, why: 'by name' },
  { allowed: { names: ['sh*'] }, allows: true, why: 'by a pattern' },
  { allowed: { names: ['other'] }, allows: false, why: 'another name' },
  { allowed: { selector: { matchLabels: { team: 'a' } } }, allows: true, why: 'by a label' },
  { allowed: { selector: { matchLabels: { team: 'b' } } }, allows: false, why: 'another label' },
  {
    allowed: { names: ['other'], selector: {} },
    allows: true,
    why: 'either is enough; an empty selector is everybody',
  },
  {
    allowed: { selector: {} },
    known: false,
    allows: false,
    why: 'a namespace that is not known has no labels to trust',
  },
  { allowed: { names: ['shop'] }, known: false, allows: true, why: 'a name needs no look' },
])('$allows: $why', ({ allowed, known = true, allows }) => {
  expect(allowsNamespace(allowed, 'shop', known ? SHOP : undefined)).toBe(allows);
});
