import type { JsonObject } from '../../../../src/shape/shape.ts';
import type { RuleCase } from './rule-case.ts';
import { fixedCase, stayedAwayCase, tagCases } from './shared.ts';

const http: JsonObject = { type: 'HTTP' };
const privateDns: JsonObject = { type: 'DNS_PRIVATE', vpc: 'vpc-1' };
const publicDns: JsonObject = { type: 'DNS_PUBLIC' };
const soa = { properties: { dnsProperties: { soa: { ttl: 60 } } } };

export const namespaceCases: readonly RuleCase[] = [
  {
    rule: 'no-namespace-wrapper',
    because: 'a pasted answer of AWS gets a message that says what to paste',
    accepted: [http],
    refused: [{ ...http, Namespace: { Name: 'apps' } }],
  },
  {
    rule: 'name-fits-aws',
    because: 'each type has its own pattern',
    accepted: [
      { ...http, name: 'any!thing' },
      { ...privateDns, name: 'apps.local' },
      { ...privateDns, name: 'local' },
      { ...publicDns, name: 'apps.example.com' },
      { ...publicDns, name: '' },
    ],
    refused: [
      { ...http, name: 'with space' },
      { ...http, name: 'größe' },
      { ...privateDns, name: 'x'.repeat(254) },
      { ...publicDns, name: 'nodots' },
      { ...publicDns, name: '-bad.example.com' },
    ],
  },
  {
    rule: 'type-is-fixed',
    because: 'AWS cannot change it',
    before: http,
    accepted: [{ ...http, description: 'x' }],
    refused: [publicDns],
  },
  fixedCase('name', 'name-is-fixed', http, ['one', 'two']),
  stayedAwayCase('name', 'name-is-fixed', http, 'one'),
  {
    rule: 'vpc-is-fixed',
    because: 'AWS cannot change it',
    before: privateDns,
    accepted: [{ ...privateDns, description: 'x' }],
    refused: [{ ...privateDns, vpc: 'vpc-2' }],
  },
  {
    rule: 'vpc-for-private-dns',
    because: 'a private zone belongs to a VPC, others do not',
    accepted: [privateDns, { ...http, vpc: '' }, { ...publicDns, vpc: null }],
    refused: [{ type: 'DNS_PRIVATE' }, { ...privateDns, vpc: '' }, { ...http, vpc: 'vpc-1' }],
  },
  {
    rule: 'soa-for-dns',
    because: 'without DNS there is no zone',
    accepted: [
      { ...privateDns, ...soa },
      { ...http, properties: { dnsProperties: { soa: {} }, httpProperties: { httpName: 'apps' } } },
    ],
    refused: [{ ...http, ...soa }],
  },
  ...tagCases(http),
];

const discovery: JsonObject = { namespaceRef: { name: 'apps' } };
const records = (...types: string[]): JsonObject => ({
  ...discovery,
  dnsConfig: { dnsRecords: types.map((type) => ({ type, ttl: 60 })) },
});

export const cloudMapServiceCases: readonly RuleCase[] = [
  {
    rule: 'no-service-wrapper',
    because: 'a pasted answer of AWS gets one message that says what to paste',
    accepted: [discovery],
    refused: [{ Service: { Name: 'web' } }],
  },
  {
    rule: 'name-fits-aws',
    because: 'a name that AWS refuses is known when it is applied',
    accepted: [
      { ...discovery, name: '_http._tcp.web' },
      { ...discovery, name: '' },
      { ...discovery, name: 'a' },
    ],
    refused: [
      { ...discovery, name: 'with space' },
      { ...discovery, name: '-a' },
      { ...discovery, name: 'a..b' },
      { ...discovery, name: 'x'.repeat(65) },
    ],
  },
  {
    rule: 'object-name-fits-name',
    because: 'Kubernetes allows longer names than AWS',
    accepted: [discovery, { ...discovery, name: 'short' }],
    refused: [discovery],
    names: { accepted: ['my.app', 'x'.repeat(65)], refused: ['x'.repeat(65)] },
  },
  fixedCase('name', 'name-is-fixed', discovery, ['one', 'two']),
  stayedAwayCase('name', 'name-is-fixed', discovery, 'one'),
  fixedCase('type', 'type-is-fixed', discovery, ['HTTP', 'DNS']),
  {
    rule: 'one-namespace',
    because: 'there is no doubt about the namespace',
    accepted: [discovery, { namespaceId: 'ns-1' }, { ...discovery, namespaceId: '' }],
    refused: [{}, { namespaceId: '' }, { ...discovery, namespaceId: 'ns-1' }],
  },
  {
    rule: 'namespace-id-stays',
    because: 'a service cannot move',
    before: { namespaceId: 'ns-1' },
    accepted: [{ namespaceId: 'ns-1', description: 'x' }, discovery],
    refused: [{ namespaceId: 'ns-2' }],
  },
  {
    rule: 'namespace-ref-stays',
    because: 'a service cannot move',
    before: discovery,
    accepted: [{ namespaceRef: { name: 'apps', namespace: 'infra' } }, { namespaceId: 'ns-1' }],
    refused: [{ namespaceRef: { name: 'other' } }],
  },
  {
    rule: 'namespace-id-stands-under-spec',
    because: 'an old member that AWS still prints does not contradict',
    accepted: [
      { namespaceId: 'ns-1', dnsConfig: { namespaceId: 'ns-1', dnsRecords: [] } },
      { ...discovery, dnsConfig: { namespaceId: '', dnsRecords: [] } },
    ],
    refused: [{ ...discovery, dnsConfig: { namespaceId: 'ns-1', dnsRecords: [] } }],
  },
  {
    rule: 'one-health-check',
    because: 'AWS takes one of the two',
    accepted: [
      { ...discovery, healthCheckCustomConfig: {} },
      { ...discovery, healthCheckConfig: { type: 'HTTP' }, healthCheckCustomConfig: null },
    ],
    refused: [{ ...discovery, healthCheckConfig: { type: 'HTTP' }, healthCheckCustomConfig: {} }],
  },
  {
    rule: 'health-check-custom-config-is-fixed',
    because: 'AWS takes it at creation only',
    before: { ...discovery, healthCheckCustomConfig: { failureThreshold: 1 } },
    accepted: [{ ...discovery, healthCheckCustomConfig: { failureThreshold: '1' } }],
    refused: [
      discovery,
      { ...discovery, healthCheckCustomConfig: { failureThreshold: 2 } },
      { ...discovery, healthCheckCustomConfig: null },
    ],
  },
  {
    rule: 'http-has-no-dns',
    because: 'HTTP is found by API calls only',
    accepted: [
      { ...discovery, type: 'HTTP' },
      { ...discovery, type: 'HTTP', dnsConfig: null },
    ],
    refused: [{ ...records('A'), type: 'HTTP' }],
  },
  {
    rule: 'cname-stands-alone',
    because: 'AWS refuses it beside others',
    accepted: [
      records('A', 'AAAA'),
      { ...discovery, dnsConfig: { routingPolicy: 'WEIGHTED', dnsRecords: [{ type: 'CNAME', ttl: 60 }] } },
    ],
    refused: [
      records('CNAME'),
      {
        ...discovery,
        dnsConfig: {
          routingPolicy: 'WEIGHTED',
          dnsRecords: [
            { type: 'CNAME', ttl: 60 },
            { type: 'A', ttl: 60 },
          ],
        },
      },
    ],
  },
  {
    rule: 'no-new-dns-records',
    because: 'AWS changes the ttl and takes records away, but adds none',
    before: records('A', 'SRV'),
    accepted: [{ ...discovery, dnsConfig: { dnsRecords: [{ type: 'SRV', ttl: '10' }] } }, discovery],
    refused: [records('A', 'SRV', 'AAAA'), records('AAAA')],
  },
  {
    rule: 'no-new-dns-records',
    because: 'without DNS at first, there is none later',
    before: discovery,
    accepted: [{ ...discovery, dnsConfig: { dnsRecords: [] } }],
    refused: [records('A')],
  },
  {
    rule: 'routing-policy-is-fixed',
    because: 'left out, it is MULTIVALUE',
    before: records('A'),
    accepted: [{ ...discovery, dnsConfig: { routingPolicy: 'MULTIVALUE', dnsRecords: [{ type: 'A', ttl: 60 }] } }],
    refused: [{ ...discovery, dnsConfig: { routingPolicy: 'WEIGHTED', dnsRecords: [{ type: 'A', ttl: 60 }] } }],
  },
  ...tagCases(discovery),
];
