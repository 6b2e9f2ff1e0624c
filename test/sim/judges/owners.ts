import type { EcsObject } from '../../../src/reconcile/types.ts';
import type { Appoint } from './judge.ts';
import { livingOf } from './living.ts';

/**
 * At rest, everything that carries our tags belongs to an object that is there, carries all of them, and each object has
 * one of it; of revisions it has as many as its history keeps. Two clusters of one installation may each have an object
 * for it: then it carries the UID of one of them.
 */
export const owners: Appoint = ({ hands, scenario, report }) => ({
  rested: () => {
    if (scenario.exempt?.orphans !== undefined) return;
    const objects = new Map<string, EcsObject[]>();
    for (const { installation, person } of hands.world.clusters) {
      for (const one of person.objects()) {
        const key = `${one.kind}/${one.metadata.namespace ?? ''}/${one.metadata.name} of ${installation}`;
        objects.set(key, [...(objects.get(key) ?? []), one]);
      }
    }
    const seen = new Map<string, string>();
    for (const { arn, type, owner: named, installation, tags } of livingOf(hands.aws.state())) {
      if (named === undefined) continue;
      const owner = `${named} of ${installation}`;
      const claimants = objects.get(owner);
      if (claimants === undefined) {
        report(`${arn} is an orphan: there is no ${owner}`);
        continue;
      }
      const missing = OUR_TAGS.filter((tag) => !Object.keys(tags).some((key) => key.endsWith(`/${tag}`)));
      if (missing.length > 0) report(`${arn} lacks our tags ${missing.join(', ')}`);
      const uid = Object.entries(tags).find(([key]) => key.endsWith('/uid'))?.[1];
      // The UID is information: on a revision of the past it tells which object made it.
      const isPast = type === 'taskDefinition' && !claimants.some((object) => isWanted(arn, object));
      const uids = claimants.map(({ metadata }) => metadata.uid);
      if (!uids.some((one) => one === uid) && !isPast)
        report(`${arn} carries the UID ${uid}, its object ${owner} has ${uids.join(' or ')}`);
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
