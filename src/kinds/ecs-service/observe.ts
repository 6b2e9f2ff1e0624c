import type { Service, ServiceRevision } from '@aws-sdk/client-ecs';
import { lacking } from '../../aws/answer.ts';
import { isMissing } from '../../aws/errors.ts';
import type { AwsSession, ObserveInput, Presence } from '../../reconcile/kind.ts';
import { hashJson } from '../../shape/content-hash.ts';
import { isObject, type JsonObject } from '../../shape/shape.ts';
import { readNamespace } from '../service-connect-namespace.ts';
import { tagMapOfList } from '../tags.ts';
import { type DriftInput, differences } from './drift.ts';
import { hasTrouble, readFailures } from './failures.ts';
import { FIELDS } from './fields.ts';
import { liveRequest } from './live.ts';
import { needsHistory, readHistory } from './rollback.ts';
import type { EcsServiceSpec, EcsServiceStatus } from './schema.ts';
import { membersToRollOut } from './starts.ts';
import { isFamilyUnseen, observeLeftRevisions, observeTemplate } from './template.ts';
import type { EcsServiceDesired, EcsServiceObserved, History } from './types.ts';

type Input = ObserveInput<EcsServiceSpec, EcsServiceStatus, EcsServiceDesired>;

/** What AWS said of a service, before anything else is read. */
export const NOT_THERE = {
  service: undefined,
  live: {},
  history: undefined,
  failures: undefined,
  revision: undefined,
  namespace: undefined,
} as const;

/** Reads a service: one DescribeServices as a rule, and more only where there is reason to. @throws AwsCallError */
export async function observeService(input: Input, aws: AwsSession): Promise<EcsServiceObserved> {
  const { object, desired } = input;
  const deleting = object.metadata.deletionTimestamp !== undefined;
  const [service, seen] = await Promise.all([
    describeService(desired, aws),
    deleting ? undefined : observeTemplate(input, aws),
  ]);
  const runs = service?.taskDefinition ?? '';
  const template = !deleting && isFamilyUnseen(desired, seen, runs) ? await observeTemplate(input, aws, runs) : seen;
  const presence = presenceOf(service);
  if (service === undefined || presence.state !== 'present') {
    const left = deleting && presence.state === 'absent' ? await observeLeftRevisions(input, aws) : template;
    return { ...NOT_THERE, presence, service, template: left };
  }
  if (deleting) return { ...NOT_THERE, presence, service, live: liveRequest(service), template: undefined };
  return observeLive(input, { ...NOT_THERE, presence, service, live: liveRequest(service), template }, service, aws);
}

/**
 * The revisions that a template registered before it turned out that the service is another's, but for those that it
 * runs. @throws AwsCallError
 */
export async function observeBesidesService(
  input: Input & { readonly observed: EcsServiceObserved },
  aws: AwsSession,
): Promise<EcsServiceObserved> {
  const left = await observeLeftRevisions(input, aws);
  const { taskDefinition, deployments = [] } = input.observed.service ?? {};
  const run = new Set([taskDefinition, ...deployments.map((deployment) => deployment.taskDefinition)]);
  const template = left && { ...left, own: left.own.filter(({ arn }) => !run.has(arn)) };
  return { ...NOT_THERE, presence: { state: 'absent', certain: true }, template };
}

/** Undefined when AWS says there is none; one that is INACTIVE is given. @throws AwsCallError */
async function describeService({ cluster, name }: EcsServiceDesired, aws: AwsSession): Promise<Service | undefined> {
  try {
    const { services = [] } = await aws.call('ecs.DescribeServices', { cluster, services: [name], include: ['TAGS'] });
    return services[0];
  } catch (error) {
    // A cluster that is not there has no services; creating one says what is wrong.
    if (isMissing(error, 'cluster')) return undefined;
    throw error;
  }
}

/**
 * A service that was never described is MISSING, which may be a late read; INACTIVE is for sure.
 * @throws AwsCallError when AWS left the ARN out.
 */
export function presenceOf(service: Service | undefined): Presence {
  if (service === undefined) return { state: 'absent', certain: false };
  if (service.status === 'INACTIVE') return { state: 'absent', certain: true };
  const { serviceArn: arn } = service;
  if (!arn) throw lacking('ecs.DescribeServices', 'services[].serviceArn');
  const tags = tagMapOfList(service.tags);
  if (service.status === 'DRAINING') {
    const tasks = service.runningCount ?? 0;
    return { state: 'leaving', arn, tags, message: `${arn} is draining, ${tasks} tasks still running` };
  }
  return { state: 'present', arn, tags };
}

async function observeLive(
  input: Input,
  found: EcsServiceObserved,
  service: Service,
  aws: AwsSession,
): Promise<EcsServiceObserved> {
  const { desired, object } = input;
  const { status } = object;
  const settings = await readSettings(desired, status, service, aws);
  const namespace = await knownNamespace(desired, status, found.live, aws);
  let observed: EcsServiceObserved = { ...found, live: { ...found.live, ...settings.live }, namespace };
  observed = { ...observed, revision: settings.revision };
  observed = { ...observed, history: await readRollback({ desired, observed, status }, aws) };
  return hasTrouble(observed, status) ? { ...observed, failures: await readFailures(desired, aws) } : observed;
}

/** Members that only service revisions tell. */
const IN_REVISION = Object.keys(FIELDS).filter((member) => FIELDS[member]?.inRevision === true);

interface Settings {
  readonly live: JsonObject;
  readonly revision: EcsServiceStatus['revision'];
}

/**
 * What only service revisions tell, where it is declared or was. A revision never changes: once compared, its ARN is
 * enough to know that nothing did.
 */
async function readSettings(
  { request }: EcsServiceDesired,
  status: EcsServiceStatus | undefined,
  service: Service,
  aws: AwsSession,
): Promise<Settings> {
  const declared = settingsOf(request);
  const given = Object.keys(status?.applied?.leaves ?? {}).some((path) =>
    IN_REVISION.includes(/^\w+/.exec(path)?.[0] ?? ''),
  );
  if (Object.keys(declared).length === 0 && !given) return { live: {}, revision: undefined };
  const arns = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  const settings = hashJson(declared);
  if (arns.length === 0) return { live: {}, revision: undefined };
  const known = status?.revision;
  if (known !== undefined && known.settings === settings && bringsNothingNew(arns, known.arn)) {
    return { live: declared, revision: known };
  }
  const [newest, ...others] = newestFirst(await describeRevisions(arns, aws));
  const arn = [newest, ...others].flatMap((revision) => revision?.serviceRevisionArn ?? []).join(' ');
  return { live: settingsOf(liveRequest(service, newest)), revision: { arn, settings } };
}

/** While a rollout ends, revisions go; only one that comes has to be looked at. `known`: the newest stands first. */
function bringsNothingNew(arns: readonly string[], known: string): boolean {
  const compared = known.split(' ');
  return arns.includes(compared[0] ?? '') && arns.every((arn) => compared.includes(arn));
}

/** The part of a request that only service revisions tell. */
export function settingsOf(request: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(request).filter(([member]) => IN_REVISION.includes(member)));
}

async function describeRevisions(arns: readonly string[], aws: AwsSession): Promise<readonly ServiceRevision[]> {
  const { serviceRevisions = [] } = await aws.call('ecs.DescribeServiceRevisions', {
    serviceRevisionArns: [...arns],
  });
  return serviceRevisions;
}

function newestFirst<T extends { readonly createdAt?: Date | undefined }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
}

/** What the live Service Connect namespace is called; remembered, since no ARN ever gets another name. */
async function knownNamespace(
  { request }: EcsServiceDesired,
  status: EcsServiceStatus | undefined,
  live: JsonObject,
  aws: AwsSession,
): Promise<EcsServiceStatus['namespace']> {
  const asked = namespaceOf(request);
  const held = namespaceOf(live);
  const known = status?.namespace;
  if (known !== undefined && known.arn === held && asked !== undefined && !asked.startsWith('arn:')) return known;
  return readNamespace({ asked, held }, aws);
}

function namespaceOf(request: JsonObject): string | undefined {
  const connect = request.serviceConnectConfiguration;
  const namespace = isObject(connect) ? connect.namespace : undefined;
  return typeof namespace === 'string' ? namespace : undefined;
}

/** Asks AWS's history whether what differs is a rollback, where that is a question at all. */
async function readRollback(
  input: DriftInput & { readonly observed: EcsServiceObserved },
  aws: AwsSession,
): Promise<History | undefined> {
  const { desired, status, observed } = input;
  if (!needsHistory({ desired, observed, status })) return undefined;
  const members = membersToRollOut(input, differences(input));
  if (members.length === 0) return undefined;
  const { serviceDeployments = [] } = await aws.call('ecs.ListServiceDeployments', {
    cluster: desired.cluster,
    service: desired.name,
  });
  const [newest] = newestFirst(serviceDeployments);
  if (newest === undefined) return { type: 'none' };
  const arn = newest.targetServiceRevisionArn;
  const [target] = arn === undefined ? [] : await describeRevisions([arn], aws);
  return readHistory({ desired, observed, status, members, newest, target });
}
