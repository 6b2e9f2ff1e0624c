import type { AwsSession, Problem } from '../../reconcile/kind.ts';
import { isOwnedBy, isUnowned } from '../../reconcile/ownership.ts';
import type { CloudMapOperation } from '../cloud-map-operation.ts';
import { readCloudMapTags } from '../cloud-map-tags.ts';
import type { NamespaceObserveInput } from './observe.ts';
import { readNamespace, type TaggedNamespace } from './read.ts';

/** A namespace of the wanted name and type, with its tags. */
interface Candidate {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Looks for the namespace by its name. Private DNS namespaces of one name can stand beside each other in different
 * VPCs, and AWS never tells a namespace's VPC: of those only our own tags say which one is meant, or, for an adoption,
 * that AWS refused to make another one and there is just one to take.
 * @returns the namespace, why none can be chosen, or undefined when there is none. @throws AwsCallError
 */
export async function findNamespace(
  input: NamespaceObserveInput,
  operation: CloudMapOperation | undefined,
  aws: AwsSession,
): Promise<TaggedNamespace | { readonly obstacle: Problem } | undefined> {
  const { object, desired, identity } = input;
  const candidates = await candidatesOf(desired.name, desired.type, aws);
  const own = candidates.filter(({ tags }) => isOwnedBy(tags, identity));
  const exact = own.find(({ tags }) => Object.entries(identity.tags).every(([key, value]) => tags[key] === value));
  const ours = exact ?? own[0];
  if (ours !== undefined) return readNamespace(ours.id, aws);
  const [first] = candidates;
  if (first === undefined || object.metadata.deletionTimestamp !== undefined) return undefined;
  if (desired.type !== 'DNS_PRIVATE') {
    // Names of the other types are unique: whose it is is judged as for every kind.
    return readNamespace(first.id, aws);
  }
  const wanted = object.spec.policy?.adoption === 'Adopt' && operation !== undefined && isConflict(operation);
  const free = wanted ? candidates.filter(({ tags }) => isUnowned(tags)) : [];
  const [only, ...others] = free;
  if (only === undefined) return undefined;
  if (others.length === 0) return readNamespace(only.id, aws);
  const ids = free.map(({ id }) => id).join(', ');
  const named = Object.entries(identity.tags).filter(([, value]) => value !== identity.uid);
  const tags = named.map(([key, value]) => `${key}=${value}`).join(', ');
  return {
    obstacle: {
      reason: 'AmbiguousAdoption',
      message: `there are several namespaces called ${desired.name}, and AWS does not tell which VPC each is for (${ids}); put the tags ${tags} on the one to adopt`,
    },
  };
}

/** Whether a creation failed since the VPC has a hosted zone of that name already (Route 53's ConflictingDomainExists). */
export function isConflict({ type, failure }: CloudMapOperation): boolean {
  return type === 'CREATE_NAMESPACE' && /ConflictingDomainExists|overlapping name ?space/i.test(failure ?? '');
}

async function candidatesOf(name: string, type: string, aws: AwsSession): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  let token: string | undefined;
  do {
    const page = await aws.call('servicediscovery.ListNamespaces', {
      Filters: [
        { Name: 'NAME', Values: [name], Condition: 'EQ' },
        { Name: 'TYPE', Values: [type], Condition: 'EQ' },
        // Those that other accounts share are not ours to change.
        { Name: 'RESOURCE_OWNER', Values: ['SELF'], Condition: 'EQ' },
      ],
      MaxResults: 100,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    for (const { Id: id, Arn: arn, Name } of page.Namespaces ?? []) {
      if (id === undefined || arn === undefined || Name !== name) continue;
      const tags = await readCloudMapTags(arn, aws);
      if (tags !== undefined) found.push({ id, tags });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return found;
}
