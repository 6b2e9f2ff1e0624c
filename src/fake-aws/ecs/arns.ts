import { randomString } from '../../runtime/random.ts';
import { arnOf, type FakeScope } from '../core/scope.ts';
import type { ClusterRecord, ServiceRecord } from './records.ts';

const hex = '0123456789abcdef';
const digits = '0123456789';

export function clusterArn(scope: FakeScope, name: string): string {
  return arnOf(scope, 'ecs', `cluster/${name}`);
}

export function serviceArn(scope: FakeScope, cluster: ClusterRecord, name: string): string {
  return arnOf(scope, 'ecs', `service/${cluster.name}/${name}`);
}

export function taskDefinitionArn(scope: FakeScope, family: string, revision: number): string {
  return arnOf(scope, 'ecs', `task-definition/${family}:${revision}`);
}

export function capacityProviderArn(scope: FakeScope, name: string): string {
  return arnOf(scope, 'ecs', `capacity-provider/${name}`);
}

/** A new task's id and ARN. */
export function newTaskArn(scope: FakeScope, cluster: ClusterRecord): { id: string; arn: string } {
  const id = randomString(scope.random, 32, hex);
  return { id, arn: arnOf(scope, 'ecs', `task/${cluster.name}/${id}`) };
}

export function newInstanceArn(scope: FakeScope, cluster: ClusterRecord): string {
  return arnOf(scope, 'ecs', `container-instance/${cluster.name}/${randomString(scope.random, 32, hex)}`);
}

/** A new deployment's or task set's id: `ecs-svc/` and 19 digits. */
export function newGroupId(scope: FakeScope): string {
  return `ecs-svc/${nineteenDigits(scope)}`;
}

export function taskSetArn(scope: FakeScope, service: ServiceRecord, id: string): string {
  return arnOf(scope, 'ecs', `task-set/${service.cluster.name}/${service.name}/${id}`);
}

export function newRevisionArn(scope: FakeScope, service: Pick<ServiceRecord, 'cluster' | 'name'>): string {
  return arnOf(scope, 'ecs', `service-revision/${service.cluster.name}/${service.name}/${nineteenDigits(scope)}`);
}

export function newServiceDeploymentArn(scope: FakeScope, service: ServiceRecord): string {
  const id = randomString(scope.random, 21, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
  return arnOf(scope, 'ecs', `service-deployment/${service.cluster.name}/${service.name}/${id}`);
}

function nineteenDigits(scope: FakeScope): string {
  return randomString(scope.random, 1, '123456789') + randomString(scope.random, 18, digits);
}

/** What follows the account in an ARN of ECS, e.g. `service/web/api`; undefined for what is no such ARN. */
export function resourceOf(scope: FakeScope, arn: string): string | undefined {
  const prefix = arnOf(scope, 'ecs', '');
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
}
