import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KubeProtocolError } from './errors.ts';
import { readLines } from './watch-lines.ts';

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function collect(body: AsyncIterable<Uint8Array>, limit?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(body, limit)) lines.push(line);
  return lines;
}

describe('reading a watch line by line', () => {
  it('gives the same lines however the bytes are cut, also within a character', async () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[\n\uFEFF]/.test(text) && text.trim() !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat(400)), async (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const parts = places.slice(1).map((end, at) => bytes.subarray(places[at], end));
        expect(await collect(chunks(...parts))).toEqual(lines);
      }),
    );
  });

  it('passes over empty lines, which some proxies send to keep a connection alive', async () => {
    expect(await collect(chunks(Buffer.from('\n{"a":1}\n\r\n\n{"b":2}\n')))).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('does not lose the beginning of an event when the connection ends in the middle of it', async () => {
    await expect(collect(chunks(Buffer.from('{"a":1}\n{"b"')))).rejects.toThrow(KubeProtocolError);
  });

  it('refuses bytes that are not UTF-8 instead of replacing them', async () => {
    await expect(collect(chunks(Buffer.from([0x22, 0xff, 0x22, 0x0a])))).rejects.toThrow(/UTF-8/);
  });

  it.each([
    ['in one chunk', [100]],
    ['over many chunks', [30, 30, 30]],
  ])('stops at a line beyond the limit %s, so that a broken server cannot fill the memory', async (_, sizes) => {
    const parts = sizes.map((size) => Buffer.alloc(size, 'x'));
    await expect(collect(chunks(...parts, Buffer.from('\n')), 80)).rejects.toThrow(/longer than 80 bytes/);
  });

  it('takes a line that is exactly as long as the limit', async () => {
    expect(await collect(chunks(Buffer.alloc(80, 'x'), Buffer.from('\n')), 80)).toHaveLength(1);
  });
});
