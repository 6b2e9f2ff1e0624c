import { expect, test } from 'vitest';
import { Remembered } from './remembered.ts';

test('what was worked out for the same inputs is not worked out again', () => {
  const remembered = new Remembered<object>();
  const [one, other] = [{}, {}];
  const first = remembered.of([one, 'a'], () => ({}));
  expect(remembered.of([one, 'a'], () => ({}))).toBe(first);
  expect(remembered.of([other, 'a'], () => ({}))).not.toBe(first);
  expect(remembered.of([one, 'b'], () => ({}))).not.toBe(first);
});

test('an answer of undefined is an answer, and inputs of another number are others', () => {
  const remembered = new Remembered<string | undefined>();
  remembered.of(['a'], () => undefined);
  expect(remembered.of(['a'], () => 'worked out again')).toBeUndefined();
  expect(remembered.of(['a', undefined], () => 'another')).toBe('another');
});

test('what is thrown is not remembered', () => {
  const remembered = new Remembered<string>();
  const failing = () => {
    throw new Error('no');
  };
  expect(() => remembered.of(['a'], failing)).toThrow('no');
  expect(remembered.of(['a'], () => 'now')).toBe('now');
});

test('of ever new inputs not all are kept, so that worlds which are over can go', () => {
  const remembered = new Remembered<number>();
  remembered.of(['first'], () => 0);
  for (let at = 0; at < 10_000; at++) remembered.of([at], () => at);
  expect(remembered.of(['first'], () => 1)).toBe(1);
});
