import { describe, expect, it } from 'vitest';
import { parseFaultRule } from './fault-rule.ts';

describe('a fault from JSON', () => {
  it.each([
    [{ kind: 'fail', code: 'ServerException', status: 503, operation: 'Create*' }],
    [{ kind: 'delay', ms: 10, after: true, chance: 0.5 }],
    [{ kind: 'unknown', enumMembers: ['launchType'], nth: 2, times: 3 }],
    [{ kind: 'malformed' }],
  ])('%j is taken as it is', (rule) => {
    expect(parseFaultRule(rule)).toEqual(rule);
  });

  it.each([
    ['text', /JSON object/],
    [[], /JSON object/],
    [{}, /kind must be one of fail, throttle/],
    [{ kind: 'explode' }, /kind must be one of/],
    [{ kind: 'toString' }, /kind must be one of/],
    [{ kind: 'fail' }, /a fault of kind fail needs code/],
    [{ kind: 'delay', ms: 'long' }, /ms must be a number/],
    [{ kind: 'delay', ms: -1 }, /ms must be a number of at least 0/],
    [{ kind: 'lose', operaton: 'CreateService' }, /has no operaton; it has kind, service, operation/],
    [{ kind: 'unknown', enumMembers: 'all' }, /enumMembers must be a list of strings/],
  ])('%j is refused in words', (rule, message) => {
    expect(() => parseFaultRule(rule)).toThrow(message);
  });
});
