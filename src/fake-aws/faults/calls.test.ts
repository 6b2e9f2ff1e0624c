import { expect, it } from 'vitest';
import { CallLog } from './calls.ts';

it('the log keeps the last calls, in order, however many there were', () => {
  const log = new CallLog({ capacity: 3 });
  for (let i = 1; i <= 8; i++) {
    const record = log.arrive({
      time: i,
      service: 'ecs',
      operation: `Op${i}`,
      input: {},
      accountId: '1',
      region: 'r',
      caller: 'c',
      accessKeyId: 'k',
    });
    log.end(record, { code: 'OK', effective: true });
    expect(log.list().map(({ id }) => id)).toEqual([i - 2, i - 1, i].filter((id) => id > 0));
  }
  expect(log.list({ since: 7 }).map(({ operation }) => operation)).toEqual(['Op8']);
  expect(Object.keys(log.counts().ecs ?? {}), 'counts are complete').toHaveLength(8);
});
