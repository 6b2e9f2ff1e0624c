import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ObjectState } from './overview.ts';
import { inShort, progressOn } from './progress.ts';

const state = (name: string, message: string, more: Partial<ObjectState> = {}): ObjectState => ({
  kind: 'EcsService',
  namespace: 'shop',
  name,
  ready: false,
  reason: 'RollingOut',
  message,
  ...more,
});

/** A stream like a terminal's, or a pipe's, and what was written to it. */
function aStream(more: { readonly isTTY: boolean; readonly columns?: number }) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { rows: 40, getColorDepth: () => 1 }, more);
  // Safe: what progress uses of a WriteStream is here.
  const written = () => String(stream.read() ?? '');
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

describe('the progress of dev', () => {
  it('is a line for each change where no terminal is', () => {
    const { stream, written } = aStream({ isTTY: false });
    const progress = progressOn(stream);
    const rolling = state('web', 'deployment ecs-svc/123: 1 of 2 tasks running, 0 pending');
    progress.show([rolling], 0);
    progress.show([rolling], 1);
    progress.show([{ ...rolling, ready: true }], 12);
    expect(written().split('\n')).toEqual([
      '   0 s  EcsService shop/web                       1 of 2 tasks running, 0 pending',
      '  12 s  EcsService shop/web                       Ready',
      '',
    ]);
  });

  it('is a table on a terminal, no wider than that', () => {
    const { stream, written } = aStream({ isTTY: true, columns: 60 });
    const progress = progressOn(stream);
    progress.show([state('web', 'x'.repeat(200)), state('backend', '', { ready: true })], 3);
    const lines = written().split('\n');
    expect(lines.find((line) => line.includes('shop/web'))).toMatch(/EcsService {2}shop\/web {6}x+…/);
    expect(lines.find((line) => line.includes('shop/backend'))).toMatch(/✓ {2}EcsService {2}shop\/backend {2}Ready/);
    expect(written()).toBe('');
    for (const line of lines) expect(line.length).toBeLessThan(80);
    expect(lines).toContain('1 of 2 Ready, 3 s');
  });

  it.each([
    ['clusterRef: EcsCluster shop/main does not exist', 'waits for EcsCluster shop/main'],
    [
      'serviceRegistries[0].cloudMapServiceRef: CloudMapService shop/web is not in sync with AWS: namespaceRef: …',
      'waits for CloudMapService shop/web',
    ],
    [
      'CreateService: Cluster not found. (ClusterNotFoundException)',
      'CreateService: Cluster not found. (ClusterNotFoundException)',
    ],
  ])('says in short what %s means', (message, short) => {
    expect(inShort({ ready: false, message })).toBe(short);
  });
});
