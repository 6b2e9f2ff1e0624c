import { describe, expect, it } from 'vitest';
import { cutDescription } from './descriptions.ts';

describe('cutting what AWS writes about a member', () => {
  it.each([
    ['markup goes', '<p>The <code>port</code> &amp; more.</p>', 'The port & more.'],
    ['two short sentences stay', '<p>First one. Second one. Third one.</p>', 'First one. Second one.'],
    ['a pointer to elsewhere goes', '<p>The name. For more information, see <a href="x">y</a>.</p>', 'The name.'],
    [
      'a list goes, with what leads to it',
      '<p>The mode. Valid values are:</p> <ul><li>a</li></ul> <p>More.</p>',
      'The mode.',
    ],
    ['a note goes', '<note> <p>Beware.</p> </note> <p>The name.</p>', 'The name.'],
    ['versions are no ends of sentences', '<p>Since version 1.4 only. Use it.</p>', 'Since version 1.4 only. Use it.'],
    ['nothing stays nothing', '', ''],
  ])('%s', (_why, html, text) => expect(cutDescription(html)).toBe(text));

  it('is never longer than a few lines of kubectl explain, and ends at a word', () => {
    const cut = cutDescription(`<p>${'word '.repeat(200)}end.</p>`);
    expect(cut.length).toBeLessThanOrEqual(222);
    expect(cut).toMatch(/word …$/);
  });
});
