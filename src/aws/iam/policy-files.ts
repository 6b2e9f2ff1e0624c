import { OPERATIONS } from '../operations.ts';
import { type Feature, GRANTS, type Grant } from './grants.ts';

/** Actions that the trust policy of the role decides about, with or without the caller's own permissions. */
const TRUST_FILES: Readonly<Record<string, string>> = {
  'sts:AssumeRole': 'iam/trust/second-account.json',
  'sts:AssumeRoleWithWebIdentity': 'iam/trust/irsa.json',
  'sts:TagSession': 'iam/trust/pod-identity.json',
};

/** The IAM actions of a grant. */
export function actionsOf(grant: Grant): readonly string[] {
  if ('actions' in grant) return grant.actions;
  return grant.operations.flatMap((operation) => OPERATIONS[operation].action ?? []);
}

/** Path of a feature's policy, from the project's root. */
export function policyFile(feature: Feature): string {
  return `iam/${feature}.json`;
}

/** Where an IAM action is allowed, in words for a message; undefined for what the operator never needs. */
export function whereAllowed(action: string): string | undefined {
  const granted = GRANTS.filter((grant) => actionsOf(grant).includes(action)).map(({ feature }) => policyFile(feature));
  const trust = TRUST_FILES[action];
  const parts = [[...new Set(granted)].join(' or '), ...(trust === undefined ? [] : [trust])];
  return parts.filter((part) => part !== '').join(' and ') || undefined;
}
