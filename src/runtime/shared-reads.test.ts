import { describe, expect, it } from 'vitest';
import { SharedReads } from './shared-reads.ts';

function reads() {
  const begun: PromiseWithResolvers<string>[] = [];
  const shared = new SharedReads(() => {
    const read = Promise.withResolvers<string>();
    begun.push(read);
    return read.promise;
  });
  const { signal } = new AbortController();
  return { begun, ask: (key = 'shop') => shared.ask(key, signal) };
}

describe('a shared read', () => {
  it('is one more for all who ask while another is under way, and none of them gets an older answer', async () => {
    const { begun, ask } = reads();
    const first = ask();
    const later = [ask(), ask(), ask()];
    expect(begun).toHaveLength(1);
    begun[0]?.resolve('before');
    expect(await first).toBe('before');
    expect(begun).toHaveLength(2);
    begun[1]?.resolve('after');
    expect(await Promise.all(later)).toEqual(['after', 'after', 'after']);
    void ask();
    expect(begun).toHaveLength(3);
  });

  it('of another key waits for nobody', async () => {
    const { begun, ask } = reads();
    const [shop, other] = [ask('shop'), ask('other')];
    expect(begun).toHaveLength(2);
    begun[1]?.resolve('of the other');
    expect(await other).toBe('of the other');
    begun[0]?.resolve('of the shop');
    expect(await shop).toBe('of the shop');
  });

  it('that fails tells those who asked for it, and the next begins all the same', async () => {
    const { begun, ask } = reads();
    const [first, second] = [ask(), ask()];
    begun[0]?.reject(new Error('unreachable'));
    await expect(first).rejects.toThrow('unreachable');
    begun[1]?.resolve('there');
    expect(await second).toBe('there');
  });
});
