import { accountCases } from './account.ts';
import { cloudMapServiceCases, namespaceCases } from './cloud-map.ts';
import { clusterCases } from './cluster.ts';
import type { RuleCase } from './rule-case.ts';
import { serviceCases } from './service.ts';
import { taskDefinitionCases } from './task-definition.ts';

/** The cases of every kind. */
export const RULE_CASES: Readonly<Record<string, readonly RuleCase[]>> = {
  AwsAccount: accountCases,
  EcsCluster: clusterCases,
  EcsTaskDefinition: taskDefinitionCases,
  EcsService: serviceCases,
  CloudMapNamespace: namespaceCases,
  CloudMapService: cloudMapServiceCases,
};
