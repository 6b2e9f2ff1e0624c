import { PREFIX } from '../../../src/reconcile/annotations.ts';
import type { Call } from '../world/calls.ts';
import type { Appoint } from './judge.ts';
import { type Living, livingOf } from './living.ts';

/** How a call that changes or takes away something names it, and what that is where the name does not tell. */
const TARGETS: Readonly<Record<string, { readonly by: string; readonly type?: Living['type'] }>> = {
  'ecs.UpdateCluster': { by: 'cluster', type: 'cluster' },
  'ecs.UpdateClusterSettings': { by: 'cluster', type: 'cluster' },
  'ecs.PutClusterCapacityProviders': { by: 'cluster', type: 'cluster' },
  'ecs.DeleteCluster': { by: 'cluster', type: 'cluster' },
  'ecs.UpdateService': { by: 'service', type: 'service' },
  'ecs.DeleteService': { by: 'service', type: 'service' },
  'ecs.DeregisterTaskDefinition': { by: 'taskDefinition', type: 'taskDefinition' },
  'ecs.TagResource': { by: 'resourceArn' },
  'ecs.UntagResource': { by: 'resourceArn' },
  'cloudmap.UpdateHttpNamespace': { by: 'Id' },
  'cloudmap.UpdatePrivateDnsNamespace': { by: 'Id' },
  'cloudmap.UpdatePublicDnsNamespace': { by: 'Id' },
  'cloudmap.UpdateService': { by: 'Id' },
  'cloudmap.DeleteNamespace': { by: 'Id' },
  'cloudmap.DeleteService': { by: 'Id' },
  'cloudmap.DeregisterInstance': { by: 'ServiceId' },
  'cloudmap.TagResource': { by: 'ResourceARN' },
  'cloudmap.UntagResource': { by: 'ResourceARN' },
};
const UID = `${PREFIX}/uid`;

/**
 * Nothing is fought over: nobody changes what carries the tags of another installation, and no resource is given back
 * and forth between two objects by its tags.
 */
export const contest: Appoint = ({ hands, report }) => {
  /** Whose UID each resource has carried, in order, from where it was first rewritten on. */
  const holders = new Map<string, string[]>();
  const found = (call: Call): Living | undefined => livingOf(hands.aws.state()).find((one) => isTarget(one, call));
  return {
    called: (call) => {
      if (call.side !== 'aws' || call.effect !== 'write') return;
      // Who is alone has nobody to quarrel with; what others own by hand is for the stories to look at.
      if (hands.world.clusters.length > 1) {
        const { installation, owner, arn } = found(call) ?? {};
        const ours = hands.world.clusters.find(({ name }) => name === call.cluster)?.installation;
        if (installation !== undefined && installation !== ours)
          report(`${call.process} sends ${call.line}: ${arn} belongs to ${owner} of installation ${installation}`);
      }
      const target = targetOf(call);
      if (target === undefined || givenUid(call) === undefined || holders.has(target)) return;
      const uid = found(call)?.tags[UID];
      holders.set(target, uid === undefined ? [] : [uid]);
    },
    ended: ({ call, code }) => {
      const [target, uid] = [targetOf(call), givenUid(call)];
      if (code !== 'OK' || target === undefined || uid === undefined) return;
      const former = holders.get(target) ?? [];
      if (former.at(-1) === uid) return;
      if (former.includes(uid)) report(`${call.process} takes ${target} back for the UID ${uid}, which had lost it`);
      holders.set(target, [...former, uid]);
    },
  };
};

function targetOf({ operation, input }: Call): string | undefined {
  const value: unknown = Reflect.get(input ?? {}, TARGETS[operation]?.by ?? '');
  return typeof value === 'string' ? value : undefined;
}

/** Calls give an ARN, or what an ARN ends in: a name or an id. */
function isTarget({ arn, type }: Living, call: Call): boolean {
  const target = targetOf(call);
  if (target === undefined || (TARGETS[call.operation]?.type ?? type) !== type) return false;
  return arn === target || arn.endsWith(`/${target}`);
}

/** The UID that a call writes into the tags of something. */
function givenUid({ operation, input }: Call): string | undefined {
  if (!operation.endsWith('.TagResource')) return undefined;
  // Safe: this is what the two services take.
  const { tags = [], Tags = [] } = (input ?? {}) as { readonly tags?: EcsTag[]; readonly Tags?: CloudMapTag[] };
  return tags.find(({ key }) => key === UID)?.value ?? Tags.find(({ Key }) => Key === UID)?.Value;
}

interface EcsTag {
  readonly key: string;
  readonly value: string;
}

interface CloudMapTag {
  readonly Key: string;
  readonly Value: string;
}
