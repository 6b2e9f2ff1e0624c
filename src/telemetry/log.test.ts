import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from './log.ts';

function lines(options: Partial<LogOptions> = {}) {
  const written: string[] = [];
  const log = createLog({
    level: 'info',
    format: 'json',
    destination: { write: (line) => void written.push(line) },
    ...options,
  });
  return { log, written, json: () => written.map((line) => JSON.parse(line)) };
}

describe('the log', () => {
  it('writes one JSON object per line, with level, time, message and fields', () => {
    const { log, written, json } = lines();
    log.info('working', { kind: 'EcsService', namespace: 'shop', name: 'web' });
    expect(written[0]).toMatch(/\}\n$/);
    expect(json()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        kind: 'EcsService',
        namespace: 'shop',
        name: 'web',
        message: 'working',
      },
    ]);
  });

  it('leaves out what is below the level', () => {
    const { log, json } = lines({ level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(json().map(({ level, message }) => `${level} ${message}`)).toEqual(['warn c', 'error d']);
  });

  it('writes no secret, however deep it stands', () => {
    const { log, written } = lines();
    log.error('failed', {
      token: 'hunter2',
      request: { headers: { authorization: 'Bearer hunter2' } },
      spec: { containerDefinitions: [{ name: 'web', environment: [{ name: 'A', value: 'hunter2' }] }] },
    });
    expect(written.join()).not.toContain('hunter2');
    expect(written.join()).toContain('"name":"web"');
  });

  it('tells an error by its message, and leaves out what hangs on it', () => {
    const { log, json, written } = lines();
    log.error('failed', { error: Object.assign(new Error('no answer'), { $response: { body: 'hunter2' } }) });
    expect(json()[0]).toMatchObject({ error: 'no answer' });
    expect(written.join()).not.toContain('hunter2');
  });

  it('cuts what is too long, and does not fall over cycles', () => {
    const { log, written } = lines();
    const cycle: Record<string, unknown> = {
      text: 'x'.repeat(1_000_000),
      list: Array.from({ length: 10_000 }, () => 1),
    };
    cycle.self = cycle;
    log.info('large', cycle);
    expect(written[0]?.length).toBeLessThan(50_000);
  });

  it('writes lines for people with --log-format pretty', () => {
    const { log, written } = lines({ format: 'pretty' });
    log.warn('cannot renew the lease', { lease: 'ecs-operator' });
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: cannot renew the lease \{"lease":"ecs-operator"\}\n$/);
  });
});
