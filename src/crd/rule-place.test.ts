import { describe, expect, it } from 'vitest';
import { placeOf } from './rule-place.ts';

describe('where a rule is written in the CRD', () => {
  it.each([
    {
      because: 'a list is asked itself',
      cel: '!has(self.tags) || self.tags.all(t, t.key != self.tags[0].key)',
      place: { at: 'spec.tags', cel: 'self.all(t, t.key != self[0].key)' },
    },
    {
      because: 'a change is asked only where both are there',
      cel: '!has(self.tags) || !has(oldSelf.tags) || self.tags.name == oldSelf.tags.name',
      place: { at: 'spec.tags', cel: 'self.name == oldSelf.name' },
    },
  ])('stands on the member that it is about: $because', ({ cel, place }) => {
    expect(placeOf({ at: 'spec', cel, fieldPath: '.tags' })).toEqual(place);
  });

  it('stands on the member that it is about: where nothing may stand, all of it is wrong', () => {
    const rule = { at: 'spec', cel: '!has(self.tags)', fieldPath: '.tags' };
    expect(placeOf(rule)).toEqual({ at: 'spec.tags', cel: 'false' });
  });

  it('takes no question mark inside a text for a conditional', () => {
    const rule = { at: 'spec', cel: "!has(self.tags) || self.tags.matches('^a ? (b)?$')", fieldPath: '.tags' };
    expect(placeOf(rule)).toEqual({ at: 'spec.tags', cel: "self.matches('^a ? (b)?$')" });
  });

  it.each([
    ['it needs another member', '!has(self.tags) || self.tags.size() < self.limit'],
    ['it says something where the member is absent', "has(self.tags) && self.tags != ''"],
    ['it compares with what may not have been there', '!has(self.tags) || self.tags == oldSelf.tags'],
    ['it hands on the whole structure', '!has(self.tags) || size(self) > self.tags.size()'],
    ['a conditional would be cut in two', '!has(self.tags) || self.tags.size() > 1 ? self.tags[0] : self.tags[1]'],
  ])('stays where it is when %s', (_, cel) => {
    const rule = { at: 'spec', cel, fieldPath: '.tags' };
    expect(placeOf(rule)).toEqual(rule);
  });

  it('stays where it is when its message speaks of the whole structure, or it stands on the root', () => {
    const cel = '!has(self.tags) || self.tags.size() < 3';
    expect(placeOf({ at: 'spec', cel })).toEqual({ at: 'spec', cel });
    expect(placeOf({ at: '', cel, fieldPath: '.tags' })).toEqual({ at: '', cel, fieldPath: '.tags' });
  });
});
