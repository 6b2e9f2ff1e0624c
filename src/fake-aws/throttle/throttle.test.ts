import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../runtime/virtual-clock.ts';
import { Throttle, type ThrottledCall } from './throttle.ts';

const call = (operation: string, over: Partial<ThrottledCall> = {}): ThrottledCall => ({
  accountId: '111111111111',
  region: 'eu-west-1',
  service: 'ecs',
  operation,
  ...over,
});

/** How many calls go through at this instant. */
function drain(throttle: Throttle, what: ThrottledCall): number {
  let granted = 0;
  while (granted < 10_000 && throttle.take(what)) granted++;
  return granted;
}

describe('throttling', () => {
  it.each([
    ['ecs', 'RegisterTaskDefinition', 20, 1],
    ['ecs', 'CreateService', 50, 5],
    ['ecs', 'DescribeServices', 100, 20],
    ['ecs', 'DescribeTasks', 100, 20],
    ['ecs', 'RunTask', 100, 40],
    ['ecs', 'TagResource', 20, 10],
    ['ecs', 'CreateCluster', 20, 1],
    ['ecs', 'DescribeServiceRevisions', 50, 20],
    ['servicediscovery', 'CreateService', 50, 5],
    ['servicediscovery', 'DiscoverInstances', 2000, 1000],
    ['servicediscovery', 'GetOperation', 200, 100],
  ])('%s %s bursts to %i and goes on at %i per second, as AWS documents', (service, operation, burst, refill) => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock });
    const one = call(operation, { service });
    expect(drain(throttle, one)).toBe(burst);
    clock.advance(1000);
    expect(drain(throttle, one)).toBe(refill);
    clock.advance(3_600_000);
    expect(drain(throttle, one), 'an idle hour fills the bucket, no more').toBe(burst);
  });

  it('shares a bucket between the operations of one category', () => {
    const throttle = new Throttle({ clock: new VirtualClock() });
    drain(throttle, call('RegisterTaskDefinition'));
    expect(throttle.take(call('DeregisterTaskDefinition'))).toBe(false);
    expect(throttle.take(call('DescribeTaskDefinition')), 'another category').toBe(true);
  });

  it('keeps accounts, regions and services apart', () => {
    const throttle = new Throttle({ clock: new VirtualClock() });
    drain(throttle, call('CreateService'));
    expect(throttle.take(call('CreateService'))).toBe(false);
    expect(throttle.take(call('CreateService', { accountId: '222222222222' }))).toBe(true);
    expect(throttle.take(call('CreateService', { region: 'us-east-1' }))).toBe(true);
    expect(throttle.take(call('CreateService', { service: 'servicediscovery' }))).toBe(true);
  });

  it('refills a namespace at one every two seconds, without losing fractions', () => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock });
    const one = call('CreateHttpNamespace', { service: 'servicediscovery' });
    expect(drain(throttle, one)).toBe(5);
    for (let i = 0; i < 19; i++) {
      clock.advance(100);
      expect(throttle.take(one)).toBe(false);
    }
    clock.advance(100);
    expect(throttle.take(one)).toBe(true);
  });

  it('lets everything pass when it is switched off, and what AWS documents no limit for', () => {
    const throttle = new Throttle({ clock: new VirtualClock(), enabled: false });
    expect(drain(throttle, call('RegisterTaskDefinition'))).toBe(10_000);
    const on = new Throttle({ clock: new VirtualClock() });
    expect(drain(on, call('StopServiceDeployment'))).toBe(10_000);
  });

  it('has full buckets again after a reset', () => {
    const throttle = new Throttle({ clock: new VirtualClock() });
    drain(throttle, call('CreateCluster'));
    throttle.reset();
    expect(drain(throttle, call('CreateCluster'))).toBe(20);
  });
});
