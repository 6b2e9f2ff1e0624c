import type { Service, Task } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { seededRandom } from '../../runtime/random.ts';
import { VirtualClock } from '../../runtime/virtual-clock.ts';
import { AwsError } from '../core/aws-error.ts';
import type { FakeServiceName } from '../core/request.ts';
import { FakeAws } from '../fake-aws.ts';
import type { EcsControls } from './controls.ts';

/** An answer, looked at loosely: what it holds is what a test's assertions are about. */
// biome-ignore lint/suspicious/noExplicitAny: a path that is not there fails the assertion that walks it
export type Loose = any;

/** A small Fargate task definition's request. */
export function fargateTask(image = 'nginx:1', more: object = {}): object {
  return {
    family: 'web',
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'web', image, portMappings: [{ containerPort: 80, name: 'http' }] }],
    ...more,
  };
}

/** A task definition's request for EC2 under bridge networking. */
export function ec2Task(more: object = {}): object {
  return {
    family: 'agent',
    containerDefinitions: [{ name: 'agent', image: 'agent:1', memory: 64, portMappings: [{ containerPort: 80 }] }],
    ...more,
  };
}

/** A fake on a virtual clock with the cluster `main`, and short ways to do what nearly every test does. */
export class Stage {
  readonly clock = new VirtualClock();
  readonly fake: FakeAws;
  readonly controls: EcsControls;

  constructor(seed = 1) {
    this.fake = new FakeAws({ clock: this.clock, random: seededRandom(seed) });
    this.controls = this.fake.region().ecs;
    this.call('CreateCluster', { clusterName: 'main' });
  }

  call(operation: string, input: object = {}, service: FakeServiceName = 'ecs'): Loose {
    const { accountId, defaultRegion: region } = this.fake;
    return this.fake.handle({ service, operation, input, accountId, region });
  }

  /** The error that a call is refused with, as `Code: message`. */
  refusal(operation: string, input: object = {}): string {
    try {
      this.call(operation, input);
    } catch (error) {
      if (error instanceof AwsError) return `${error.code}: ${error.message}`;
      throw error;
    }
    return expect.fail(`${operation} was not refused: ${JSON.stringify(input)}`);
  }

  /** Registers a task definition and returns its ARN. */
  register(request: object = fargateTask()): string {
    return this.call('RegisterTaskDefinition', request).taskDefinition.taskDefinitionArn;
  }

  /** Creates the Fargate service `web` of the family `web`, two tasks, unless told otherwise. */
  create(more: object = {}): Service {
    return this.call('CreateService', {
      cluster: 'main',
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      ...more,
    }).service;
  }

  update(more: object = {}): Service {
    return this.call('UpdateService', { cluster: 'main', service: 'web', ...more }).service;
  }

  service(name = 'web'): Loose {
    const { services, failures } = this.call('DescribeServices', {
      cluster: 'main',
      services: [name],
      include: ['TAGS'],
    });
    expect(failures).toEqual([]);
    return services[0];
  }

  /** Tasks of the cluster `main` by desired status, described. */
  tasks(desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING', more: object = {}): Task[] {
    const { taskArns } = this.call('ListTasks', { cluster: 'main', desiredStatus, ...more });
    if (taskArns.length === 0) return [];
    return this.call('DescribeTasks', { cluster: 'main', tasks: taskArns, include: ['TAGS'] }).tasks;
  }

  events(name = 'web'): string[] {
    return this.service(name).events.map(({ message }: { message: string }) => message);
  }

  /** Lets time pass, a second at a time, until the condition holds; fails after `limit` seconds. */
  until(what: string, holds: () => boolean, limit = 3600): void {
    for (let second = 0; second < limit; second++) {
      if (holds()) return;
      this.clock.advance(1000);
    }
    expect.fail(`${what} did not come true within ${limit} s: ${JSON.stringify(this.fake.snapshot(), null, 1)}`);
  }

  /** Until the service's PRIMARY deployment is the only one, and COMPLETED. */
  untilDeployed(name = 'web'): void {
    this.until(`${name} is deployed`, () => {
      const { deployments } = this.service(name);
      return deployments.length === 1 && deployments[0].rolloutState === 'COMPLETED';
    });
  }

  /** Service deployments of a service, newest first, described. */
  serviceDeployments(name = 'web'): Loose[] {
    const { serviceDeployments } = this.call('ListServiceDeployments', { cluster: 'main', service: name });
    const serviceDeploymentArns = serviceDeployments.map((brief: Loose) => brief.serviceDeploymentArn);
    return this.call('DescribeServiceDeployments', { serviceDeploymentArns }).serviceDeployments;
  }
}
