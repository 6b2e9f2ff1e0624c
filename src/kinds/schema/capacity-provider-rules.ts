import { celText } from './cel.ts';
import type { Rule } from './kind-schema.ts';
import { asText, given, objects } from './values.ts';

/** What AWS asks of a capacity provider strategy. */
export function capacityProviderRules(member: string): readonly Rule[] {
  return [
    {
      id: 'capacity-providers-named',
      at: 'spec',
      fieldPath: `.${member}`,
      cel: `!has(self.${member}) || self.${member}.all(s, ${celText('capacityProvider', 's')} != '')`,
      message: `every item of ${member} has to name its capacityProvider`,
      holds: (self) => objects(self, member).every((item) => given(item, 'capacityProvider')),
    },
    {
      id: 'one-base',
      at: 'spec',
      fieldPath: `.${member}`,
      cel: `!has(self.${member}) || self.${member}.filter(s, has(s.base) && !(string(s.base) in ['', '0'])).size() <= 1`,
      message: `only one item of ${member} may have a base above 0`,
      holds: (self) => objects(self, member).filter((item) => !['', '0'].includes(asText(item, 'base'))).length <= 1,
    },
  ];
}
