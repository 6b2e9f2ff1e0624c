import type { JsonObject } from '../../shape/shape.ts';
import { celRegex } from '../schema/cel.ts';
import { wrapperRule } from '../schema/choice-rules.ts';
import { fixedRule } from '../schema/fixed-rules.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { tagRules } from '../schema/tag-rules.ts';
import { asText, given, inside } from '../schema/values.ts';

/** Patterns of CreateHttpNamespace, CreatePrivateDnsNamespace and CreatePublicDnsNamespace. */
const PRINTABLE = /^[!-~]+$/;
const LONGEST_DNS = 253;
const LABEL = '[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const PUBLIC_NAME = new RegExp(`^(${LABEL}\\.)+${LABEL}$`);

function nameFits(self: JsonObject): boolean {
  if (!given(self, 'name')) return true;
  const name = asText(self, 'name');
  if (!PRINTABLE.test(name)) return false;
  return self.type === 'HTTP' || (name.length <= LONGEST_DNS && (self.type !== 'DNS_PUBLIC' || PUBLIC_NAME.test(name)));
}

/** What AWS asks of a namespace, as far as it can be known when it is applied. */
export const namespaceRules: readonly Rule[] = [
  wrapperRule(
    'spec',
    'Namespace',
    'this is the answer of get-namespace: paste what is inside "Namespace", with names that start small (Name → name, TTL → ttl)',
  ),
  {
    id: 'name-fits-aws',
    at: 'spec',
    fieldPath: '.name',
    // The schema bounds the length for HTTP.
    cel: `!has(self.name) || self.name == '' || (self.name.matches(${celRegex(PRINTABLE)}) && (self.type == 'HTTP' || (self.name.size() <= ${LONGEST_DNS} && (self.type != 'DNS_PUBLIC' || self.name.matches(${celRegex(PUBLIC_NAME)})))))`,
    message:
      'name may have up to 1024 printable ASCII characters without spaces (253 for DNS), and for DNS_PUBLIC has to be a domain name such as example.com; leave it out to use the name of this object',
    holds: nameFits,
  },
  {
    id: 'type-is-fixed',
    at: 'spec',
    fieldPath: '.type',
    cel: 'self.type == oldSelf.type',
    message: 'type cannot be changed: put the former value back, or delete this object and make another',
    holds: (self, old) => old === undefined || self.type === old.type,
  },
  fixedRule({ member: 'name' }),
  fixedRule({ member: 'vpc' }),
  {
    id: 'vpc-for-private-dns',
    at: 'spec',
    fieldPath: '.vpc',
    cel: "(self.type == 'DNS_PRIVATE') == (has(self.vpc) && self.vpc != '')",
    message: 'type DNS_PRIVATE needs vpc (vpc-…), and the other types have none',
    holds: (self) => (self.type === 'DNS_PRIVATE') === given(self, 'vpc'),
  },
  {
    id: 'soa-for-dns',
    at: 'spec',
    fieldPath: '.properties',
    cel: "self.type != 'HTTP' || !has(self.properties) || !has(self.properties.dnsProperties) || !has(self.properties.dnsProperties.soa) || !has(self.properties.dnsProperties.soa.ttl)",
    message: 'dnsProperties only go with type DNS_PRIVATE and DNS_PUBLIC',
    holds: (self) => {
      const soa = inside(inside(inside(self, 'properties'), 'dnsProperties'), 'soa');
      return self.type !== 'HTTP' || soa?.ttl === undefined || soa.ttl === null;
    },
  },
  ...tagRules('spec'),
];
