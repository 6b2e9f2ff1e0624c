import type { LabelSelector } from './types.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether labels fit a selector, as Kubernetes defines it: all requirements hold, an empty selector fits everything. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labelOf(labels, key) === value);
  return equal && (selector.matchExpressions ?? []).every((requirement) => matchesRequirement(requirement, labels));
}

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

function matchesRequirement(requirement: Requirement, labels: Labels): boolean {
  const value = labelOf(labels, requirement.key);
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      requirement.operator satisfies never;
      return false;
  }
}

/** `constructor` is a label like any other: there only when somebody put it there. */
function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
