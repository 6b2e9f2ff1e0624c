import type { DesiredInput, Problem } from '../../reconcile/kind.ts';
import type { Json, JsonObject } from '../../shape/shape.ts';
import { taskDefinitionReference } from './references.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import type { WantedTaskDefinition } from './task-definition.ts';
import { templateRevision } from './template.ts';

type Wanted = { readonly taskDefinition: WantedTaskDefinition | undefined } | { readonly problem: Problem };

/** Which task definition a spec wants: by AWS's name, by reference, or inline. `named`: AWS's member. */
export function wantedTaskDefinition(
  input: DesiredInput<EcsServiceSpec, EcsServiceStatus>,
  named: Json | undefined,
): Wanted {
  const { spec } = input.object;
  if (spec.taskDefinitionTemplate) {
    // Safe: what the API server stores is JSON.
    const revision = templateRevision(input, spec.taskDefinitionTemplate as unknown as JsonObject);
    return 'problem' in revision ? revision : { taskDefinition: { type: 'template', revision } };
  }
  if (spec.taskDefinitionRef !== undefined) return referred(input, spec.taskDefinitionRef.revision);
  if (typeof named === 'string') return { taskDefinition: { type: 'named', value: named } };
  return { taskDefinition: undefined };
}

function referred(input: DesiredInput<EcsServiceSpec, EcsServiceStatus>, revision: number | undefined): Wanted {
  const reference = taskDefinitionReference(input.references);
  if (reference === undefined) return { taskDefinition: undefined };
  if (revision === undefined) return { taskDefinition: { type: 'revision', arn: reference.arn } };
  const arn = ownRevisions(reference.target?.status).find((own) => own.endsWith(`:${revision}`));
  if (arn !== undefined) return { taskDefinition: { type: 'revision', arn } };
  const message = `taskDefinitionRef.revision: EcsTaskDefinition ${reference.reference.name} has no revision ${revision} of its own that is ACTIVE; see its status.revisions, or leave revision out`;
  return { problem: { reason: 'RevisionNotFound', message } };
}

/** The ARNs of an EcsTaskDefinition's own revisions, as its status lists them. */
function ownRevisions(status: object | undefined): readonly string[] {
  if (status === undefined || !('revisions' in status) || !Array.isArray(status.revisions)) return [];
  return status.revisions.flatMap((revision: unknown) =>
    typeof revision === 'object' && revision !== null && 'arn' in revision && typeof revision.arn === 'string'
      ? [revision.arn]
      : [],
  );
}
