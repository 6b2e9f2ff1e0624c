import { describe, expect, it } from 'vitest';
import { run } from '../driver/run.ts';
import { NOT_TAKEN } from './expected.ts';
import { leafStory } from './leaf-story.ts';
import { everyLeaf } from './leaves.ts';
import { surroundingsOf } from './surroundings.ts';

const LEAVES = everyLeaf();

describe('what can be declared can be set, changed and taken away, and comes to rest each time', () => {
  it.each(LEAVES.map((leaf) => [leaf.name, leaf] as const))('%s', async (name, leaf) => {
    const { scenario, told } = leafStory(leaf, surroundingsOf(leaf));
    const { violations } = await run({ scenario, seed: 1, faults: [] });
    expect(violations).toEqual([]);
    expect(told.wrong).toEqual([]);
    const refusals = told.endings.filter((ending) => ending !== 'Ready');
    const words = NOT_TAKEN[name];
    if (words === undefined) expect(refusals).toEqual([]);
    else {
      expect(refusals.length, 'nothing refuses it any more: take it from the list').toBeGreaterThan(0);
      for (const refusal of refusals) expect(refusal).toMatch(words);
    }
    expect(told.endings[3], 'as it was at first').toBe('Ready');
  });

  it('lists as not taken only what there is', () => {
    const names = new Set(LEAVES.map(({ name }) => name));
    expect(Object.keys(NOT_TAKEN).filter((name) => !names.has(name))).toEqual([]);
    expect(names.size).toBe(LEAVES.length);
  });
});
