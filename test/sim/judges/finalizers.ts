import { FINALIZER } from '../../../src/reconcile/annotations.ts';
import type { EcsObject } from '../../../src/reconcile/types.ts';
import { OUR_RESOURCES } from '../world/person.ts';
import type { Appoint } from './judge.ts';
import { livingOf } from './living.ts';

/** An object is let go only when nothing of it is left in AWS, unless its policy says that it stays there. */
export const finalizers: Appoint = ({ hands, scenario, report }) => ({
  changed: ({ resource, object, previous, type }, { installation }) => {
    if (!OUR_RESOURCES.includes(resource) || previous === undefined) return;
    // Safe: the API server checked them by the CRDs.
    const [now, before] = [object, previous] as unknown as [EcsObject, EcsObject];
    const had = before.metadata.finalizers?.includes(FINALIZER) ?? false;
    const has = type !== 'DELETED' && (now.metadata.finalizers?.includes(FINALIZER) ?? false);
    if (!had || has || scenario.exempt?.finalizers !== undefined) return;
    const { policy } = before.spec;
    if (policy?.deletion === 'Retain' || (before.status?.adopted && policy?.deletion !== 'Delete')) return;
    const left = livingOf(hands.aws.state()).filter(
      (one) => one.owner === ownerOf(before) && one.installation === installation,
    );
    if (left.length > 0) report(`${ownerOf(before)} is let go while there is ${left.map(({ arn }) => arn).join(', ')}`);
  },
});

function ownerOf({ kind, metadata }: EcsObject): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}
