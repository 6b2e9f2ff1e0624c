import { celRegex } from '../schema/cel.ts';
import { exactlyOneRule, wrapperRule } from '../schema/choice-rules.ts';
import { fixedRule, fixedTargetRules } from '../schema/fixed-rules.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { tagRules } from '../schema/tag-rules.ts';
import { asText, given, inside, objects } from '../schema/values.ts';

/** Each label as CreateService's pattern has it; the whole name has up to 127 characters. */
const LABEL = '([a-zA-Z0-9_][a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_]|[a-zA-Z0-9])';
const NAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const LONGEST = 127;

const nameFits = (name: string) => name.length <= LONGEST && NAME.test(name);

/** What AWS asks of a Cloud Map service, as far as it can be known when it is applied. */
export const cloudMapServiceRules: readonly Rule[] = [
  wrapperRule(
    'spec',
    'Service',
    'this is the answer of get-service: paste what is inside "Service", with names that start small (Name → name, TTL → ttl)',
  ),
  {
    id: 'name-fits-aws',
    at: 'spec',
    fieldPath: '.name',
    cel: `!has(self.name) || self.name == '' || (self.name.size() <= ${LONGEST} && self.name.matches(${celRegex(NAME)}))`,
    message: `name may have up to ${LONGEST} letters, digits, hyphens, underscores and dots, no more than 63 between two dots; leave it out to use the name of this object`,
    holds: (self) => !given(self, 'name') || nameFits(asText(self, 'name')),
  },
  {
    id: 'object-name-fits-name',
    at: '',
    cel: `(has(self.spec.name) && self.spec.name != '') || (self.metadata.name.size() <= ${LONGEST} && self.metadata.name.matches(${celRegex(NAME)}))`,
    message: `AWS allows up to ${LONGEST} characters here, and 63 between two dots: set spec.name, or give this object a shorter name`,
    holds: (self) => given(inside(self, 'spec'), 'name') || nameFits(asText(inside(self, 'metadata'), 'name')),
  },
  fixedRule({ member: 'name' }),
  fixedRule({ member: 'type' }),
  exactlyOneRule({
    id: 'one-namespace',
    at: 'spec',
    members: ['namespaceId', 'namespaceRef'],
    unless: 'Service',
    message:
      'say which namespace it belongs to: namespaceRef (a CloudMapNamespace) or namespaceId (ns-…), one of the two',
  }),
  ...fixedTargetRules('namespaceId', 'namespaceRef'),
  {
    id: 'namespace-id-stands-under-spec',
    at: 'spec',
    fieldPath: '.dnsConfig.namespaceId',
    cel: `!has(self.dnsConfig) || !has(self.dnsConfig.namespaceId) || self.dnsConfig.namespaceId == '' || (has(self.namespaceId) && self.namespaceId == self.dnsConfig.namespaceId)`,
    message:
      'dnsConfig.namespaceId is deprecated: leave it out, and write namespaceRef or namespaceId directly under spec',
    holds: (self) => {
      const dns = inside(self, 'dnsConfig');
      return !given(dns, 'namespaceId') || self.namespaceId === dns?.namespaceId;
    },
  },
  {
    id: 'one-health-check',
    at: 'spec',
    cel: '!has(self.healthCheckConfig) || !has(self.healthCheckCustomConfig)',
    message: 'healthCheckConfig (Route 53 asks the tasks) or healthCheckCustomConfig (ECS tells), not both',
    holds: (self) =>
      inside(self, 'healthCheckConfig') === undefined || inside(self, 'healthCheckCustomConfig') === undefined,
  },
  {
    id: 'health-check-custom-config-is-fixed',
    at: 'spec',
    fieldPath: '.healthCheckCustomConfig',
    cel: 'has(self.healthCheckCustomConfig) == has(oldSelf.healthCheckCustomConfig) && (!has(self.healthCheckCustomConfig) || (has(self.healthCheckCustomConfig.failureThreshold) ? string(self.healthCheckCustomConfig.failureThreshold) : "") == (has(oldSelf.healthCheckCustomConfig.failureThreshold) ? string(oldSelf.healthCheckCustomConfig.failureThreshold) : ""))',
    message:
      'AWS takes healthCheckCustomConfig only when the service is made: put the former value back, or delete this object and make another',
    holds: (self, old) => {
      const [now, before] = [inside(self, 'healthCheckCustomConfig'), inside(old, 'healthCheckCustomConfig')];
      return (
        (now === undefined) === (before === undefined) &&
        asText(now, 'failureThreshold') === asText(before, 'failureThreshold')
      );
    },
  },
  {
    id: 'http-has-no-dns',
    at: 'spec',
    fieldPath: '.dnsConfig',
    cel: "!has(self.type) || self.type != 'HTTP' || !has(self.dnsConfig)",
    message: 'type HTTP is found by API calls only: leave dnsConfig out',
    holds: (self) => self.type !== 'HTTP' || inside(self, 'dnsConfig') === undefined,
  },
  {
    id: 'cname-stands-alone',
    at: 'spec',
    fieldPath: '.dnsConfig',
    cel: `!has(self.dnsConfig) || !has(self.dnsConfig.dnsRecords) || !self.dnsConfig.dnsRecords.exists(r, has(r.type) && r.type == 'CNAME') || (self.dnsConfig.dnsRecords.size() == 1 && has(self.dnsConfig.routingPolicy) && self.dnsConfig.routingPolicy == 'WEIGHTED')`,
    message: 'a CNAME record has to be the only one, with routingPolicy: WEIGHTED',
    holds: (self) => {
      const dns = inside(self, 'dnsConfig');
      const types = objects(dns, 'dnsRecords').map((record) => record.type);
      return !types.includes('CNAME') || (types.length === 1 && dns?.routingPolicy === 'WEIGHTED');
    },
  },
  {
    id: 'no-new-dns-records',
    at: 'spec',
    fieldPath: '.dnsConfig',
    cel: `!has(self.dnsConfig) || !has(self.dnsConfig.dnsRecords) || self.dnsConfig.dnsRecords.all(r, !has(r.type) || (has(oldSelf.dnsConfig) && has(oldSelf.dnsConfig.dnsRecords) && oldSelf.dnsConfig.dnsRecords.exists(o, has(o.type) && o.type == r.type)))`,
    message:
      'AWS can change the ttl of DNS records and take them away, but add none and change no type: delete this object and make another',
    holds: (self, old) => {
      const before = objects(inside(old, 'dnsConfig'), 'dnsRecords').map((record) => record.type);
      return objects(inside(self, 'dnsConfig'), 'dnsRecords').every(
        (record) => record.type === undefined || record.type === null || before.includes(record.type),
      );
    },
  },
  {
    id: 'routing-policy-is-fixed',
    at: 'spec',
    fieldPath: '.dnsConfig.routingPolicy',
    cel: `!has(self.dnsConfig) || !has(oldSelf.dnsConfig) || ${routing('self')} == ${routing('oldSelf')}`,
    message: 'routingPolicy cannot be changed (left out, it is MULTIVALUE): delete this object and make another',
    holds: (self, old) => {
      const [now, before] = [inside(self, 'dnsConfig'), inside(old, 'dnsConfig')];
      if (now === undefined || before === undefined) return true;
      return (asText(now, 'routingPolicy') || 'MULTIVALUE') === (asText(before, 'routingPolicy') || 'MULTIVALUE');
    },
  },
  ...tagRules('spec'),
];

function routing(side: string): string {
  const policy = `${side}.dnsConfig.routingPolicy`;
  return `(has(${policy}) && ${policy} != '' ? ${policy} : 'MULTIVALUE')`;
}
