import type { EcsObject } from '../../../src/reconcile/types.ts';
import type { Appoint } from './judge.ts';
import { livingOf } from './living.ts';

/**
 * At rest, everything that carries our tags belongs to an object that is there, carries all of them, and each object has
 * one of it; of revisions it has as many as its history keeps.
 */
export const owners: Appoint = ({ hands, scenario, report }) => ({
  rested: () => {
    if (scenario.exempt?.orphans !== undefined) return;
    const objects = new Map(
      hands.kube.objects().map((one) => [`${one.kind}/${one.metadata.namespace ?? ''}/${one.metadata.name}`, one]),
    );
    const seen = new Map<string, string>();
    for (const { arn, type, owner, tags } of livingOf(hands.aws.state())) {
      if (owner === undefined) continue;
      const object = objects.get(owner);
      if (object === undefined) {
        report(`${arn} is an orphan: there is no ${owner}`);
        continue;
      }
      const missing = OUR_TAGS.filter((tag) => !Object.keys(tags).some((key) => key.endsWith(`/${tag}`)));
      if (missing.length > 0) report(`${arn} lacks our tags ${missing.join(', ')}`);
      const uid = Object.entries(tags).find(([key]) => key.endsWith('/uid'))?.[1];
      // The UID is information: on a revision of the past it tells which object made it.
      const isPast = type === 'taskDefinition' && !isWanted(arn, object);
      if (uid !== object.metadata.uid && !isPast)
        report(`${arn} carries the UID ${uid}, its object ${owner} has ${object.metadata.uid}`);
      if (type === 'taskDefinition') continue;
      const twin = seen.get(`${type} ${owner}`);
      if (twin !== undefined) report(`${owner} has two: ${twin} and ${arn}`);
      seen.set(`${type} ${owner}`, arn);
    }
  },
});

/** Whether a revision is the one that its object asks for. */
function isWanted(arn: string, { status }: EcsObject): boolean {
  return (
    status?.arn === arn || (status !== undefined && 'taskDefinitionArn' in status && status.taskDefinitionArn === arn)
  );
}

const OUR_TAGS = ['installation', 'kind', 'namespace', 'name', 'uid'];
