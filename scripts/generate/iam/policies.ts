import { type Feature, GRANTS, type Grant, type Placeholder } from '../../../src/aws/iam/grants.ts';
import { actionsOf } from '../../../src/aws/iam/policy-files.ts';
import { OPERATIONS } from '../../../src/aws/operations.ts';

/** One managed policy, with placeholders as `{name}` in its resources and values. */
export interface Policy {
  readonly feature: Feature;
  readonly readOnly: boolean;
  /** Without ending, e.g. `core-read-only`. */
  readonly name: string;
  readonly document: PolicyDocument;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Grant['condition'];
}

const FEATURES: readonly Feature[] = [...new Set(GRANTS.map(({ feature }) => feature))];

/** Every policy: for each feature all that it needs, and where it reads as well, what `--read-only` needs of it. */
export const POLICIES: readonly Policy[] = FEATURES.flatMap((feature) => {
  const grants = GRANTS.filter((grant) => grant.feature === feature);
  const reads = grants.filter(isRead);
  return [policyOf(feature, false, grants), ...(reads.length === 0 ? [] : [policyOf(feature, true, reads)])];
});

/** What a placeholder stands for when nobody says otherwise. */
export const DEFAULTS: Readonly<Record<Placeholder, string>> = {
  partition: 'aws',
  installation: '*',
  taskRolePath: '/ecs-tasks/',
  operatorRoles: 'ecs-operator*',
};

/** Replaces the placeholders of a text. */
export function fill(text: string, values: Readonly<Record<Placeholder, string>>): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
    // A name that is none of them stays as it is, and a test finds it.
    Object.hasOwn(values, name) ? values[name as Placeholder] : whole,
  );
}

function isRead(grant: Grant): boolean {
  return 'operations' in grant && grant.operations.every((operation) => OPERATIONS[operation].effect === 'read');
}

function policyOf(feature: Feature, readOnly: boolean, grants: readonly Grant[]): Policy {
  return {
    feature,
    readOnly,
    name: readOnly ? `${feature}-read-only` : feature,
    document: { Version: '2012-10-17', Statement: grants.map(statementOf) },
  };
}

function statementOf(grant: Grant): Statement {
  return {
    Sid: grant.sid,
    Effect: 'Allow',
    Action: actionsOf(grant).toSorted(),
    Resource: grant.resources,
    ...(grant.condition === undefined ? {} : { Condition: grant.condition }),
  };
}
