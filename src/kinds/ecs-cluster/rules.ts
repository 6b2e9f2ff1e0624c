import { capacityProviderRules } from '../schema/capacity-provider-rules.ts';
import { notBothRule, wrapperRule } from '../schema/choice-rules.ts';
import { fixedRule } from '../schema/fixed-rules.ts';
import type { Rule } from '../schema/kind-schema.ts';
import { ecsNameRule, ecsObjectNameRule } from '../schema/name-rules.ts';
import { tagRules } from '../schema/tag-rules.ts';
import { asText, inside, items, objects } from '../schema/values.ts';

const PASTE = 'paste what is inside, without that wrapper';

/** What AWS asks of a cluster, as far as it can be known when it is applied. */
export const clusterRules: readonly Rule[] = [
  wrapperRule('spec', 'clusters', `this is the answer of describe-clusters ("clusters"): ${PASTE}`),
  wrapperRule('spec', 'cluster', `this is the answer of create-cluster ("cluster"): ${PASTE}`),
  ecsNameRule({ member: 'clusterName', at: 'spec' }),
  fixedRule({ member: 'clusterName' }),
  ecsObjectNameRule('clusterName'),
  {
    id: 'strategy-uses-capacity-providers',
    at: 'spec',
    fieldPath: '.defaultCapacityProviderStrategy',
    cel: '!has(self.capacityProviders) || !has(self.defaultCapacityProviderStrategy) || self.defaultCapacityProviderStrategy.all(s, !has(s.capacityProvider) || s.capacityProvider in self.capacityProviders)',
    message: 'every capacityProvider of defaultCapacityProviderStrategy has to be in capacityProviders as well',
    holds: (self) => {
      const providers = self.capacityProviders;
      if (providers === undefined || providers === null) return true;
      return objects(self, 'defaultCapacityProviderStrategy').every((item) => {
        const provider = item.capacityProvider;
        return provider === undefined || provider === null || items(self, 'capacityProviders').includes(provider);
      });
    },
  },
  ...capacityProviderRules('defaultCapacityProviderStrategy'),
  notBothRule({
    id: 'one-default-namespace',
    at: 'spec.serviceConnectDefaults',
    members: ['namespace', 'namespaceRef'],
    message: 'give namespace (a name or ARN in AWS) or namespaceRef (a CloudMapNamespace), not both',
  }),
  {
    id: 'override-needs-log-configuration',
    at: 'spec',
    fieldPath: '.configuration',
    cel: "!has(self.configuration) || !has(self.configuration.executeCommandConfiguration) || !has(self.configuration.executeCommandConfiguration.logging) || self.configuration.executeCommandConfiguration.logging != 'OVERRIDE' || has(self.configuration.executeCommandConfiguration.logConfiguration)",
    message: 'executeCommandConfiguration.logging: OVERRIDE needs a logConfiguration beside it',
    holds: (self) => {
      const exec = inside(inside(self, 'configuration'), 'executeCommandConfiguration');
      return asText(exec, 'logging') !== 'OVERRIDE' || inside(exec, 'logConfiguration') !== undefined;
    },
  },
  ...tagRules('spec'),
];
