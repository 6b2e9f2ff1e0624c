import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shape/shape.ts';
import { updateOf } from './update.ts';

const A60 = { dnsRecords: [{ type: 'A', ttl: 60 }] };
const A10 = { dnsRecords: [{ type: 'A', ttl: 10 }] };
const CHECK = { type: 'HTTP', resourcePath: '/health', failureThreshold: 3 };
/** As GetService prints it, with what AWS fills in. */
const LIVE: JsonObject = {
  name: 'orders',
  namespaceId: 'ns-1',
  description: 'theirs',
  dnsConfig: { ...A60, routingPolicy: 'MULTIVALUE' },
  healthCheckConfig: CHECK,
  type: 'DNS_HTTP',
};

interface Case {
  readonly why: string;
  readonly declared: JsonObject;
  readonly apply?: readonly string[];
  readonly unset?: readonly string[];
  readonly wanted: JsonObject | undefined;
  readonly live?: JsonObject;
}

describe('an update says all that is to stay, since AWS takes away what it leaves out', () => {
  test.each<Case>([
    { why: 'nothing differs: no update', declared: { dnsConfig: A60 }, wanted: undefined },
    {
      why: 'new records keep the description and the health check',
      declared: { dnsConfig: A10 },
      apply: ['dnsConfig.dnsRecords'],
      wanted: { description: 'theirs', dnsConfig: A10, healthCheckConfig: CHECK },
    },
    {
      why: 'a difference that is not to be applied stays as AWS has it',
      declared: { dnsConfig: A10, description: 'ours' },
      apply: ['description'],
      wanted: { description: 'ours', dnsConfig: A60, healthCheckConfig: CHECK },
    },
    {
      why: 'a description that is not declared any more is emptied',
      declared: {},
      unset: ['description'],
      wanted: { description: '', dnsConfig: A60, healthCheckConfig: CHECK },
    },
    {
      why: 'what was taken out is left out already: no second update',
      declared: {},
      unset: ['description', 'dnsConfig.dnsRecords', 'healthCheckConfig.type'],
      live: { name: 'orders' },
      wanted: undefined,
    },
    {
      why: 'records that are not declared any more go',
      declared: {},
      unset: ['dnsConfig.dnsRecords', 'dnsConfig.routingPolicy'],
      wanted: { description: 'theirs', healthCheckConfig: CHECK },
    },
    {
      why: 'a health check that is not declared any more goes',
      declared: {},
      unset: ['healthCheckConfig.type', 'healthCheckConfig.resourcePath'],
      wanted: { description: 'theirs', dnsConfig: A60 },
    },
    {
      why: 'a part of a health check goes back to AWS’s default, the rest stays',
      declared: { healthCheckConfig: { type: 'HTTP' } },
      unset: ['healthCheckConfig.failureThreshold'],
      wanted: {
        description: 'theirs',
        dnsConfig: A60,
        healthCheckConfig: { type: 'HTTP', resourcePath: '/health' },
      },
    },
    {
      why: 'a part that has AWS’s default already is no change',
      declared: { healthCheckConfig: { type: 'HTTP' } },
      unset: ['healthCheckConfig.failureThreshold', 'healthCheckConfig.resourcePath'],
      live: { healthCheckConfig: { type: 'HTTP', resourcePath: '/', failureThreshold: 1 } },
      wanted: undefined,
    },
    {
      why: 'another type of check takes nothing of the former one: TCP has no path',
      declared: { healthCheckConfig: { type: 'TCP' } },
      apply: ['healthCheckConfig.type'],
      wanted: { description: 'theirs', dnsConfig: A60, healthCheckConfig: { type: 'TCP' } },
    },
    {
      why: 'a health check where there was none',
      declared: { healthCheckConfig: { type: 'TCP' } },
      apply: ['healthCheckConfig.type'],
      live: { dnsConfig: A60 },
      wanted: { dnsConfig: A60, healthCheckConfig: { type: 'TCP' } },
    },
  ])('$why', ({ declared, apply = [], unset = [], live = LIVE, wanted }) => {
    expect(updateOf({ declared, live, apply, unset })).toEqual(wanted);
  });
});
