import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type FakeAwsServer, startFakeAws } from '../../src/fake-aws/server.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { AwsCli, type AwsCliProgram, findAwsCli } from '../harness/aws-cli.ts';
import { waitFor } from '../harness/wait-for.ts';

// So much faster than AWS that `wait`, which looks every 15 seconds, mostly finds what it waits for at its first look.
const SPEED = 1_000;

let program: AwsCliProgram | string;
let server: FakeAwsServer;

beforeAll(async () => {
  program = await findAwsCli();
  server = await startFakeAws({ clock: systemClock(), speed: SPEED });
}, 400_000);
afterAll(() => server.stop());

/** The AWS CLI, pointed at the fake; skips the test, and says why, where there is none. */
function cli(context: TestContext): AwsCli {
  if (typeof program === 'string') return context.skip(program);
  return new AwsCli(program, server.url);
}

const taskDefinition = (image: string): string =>
  JSON.stringify({
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'web', image, portMappings: [{ containerPort: 80 }] }],
  });
const network = '{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"]}}';

describe('the AWS CLI, pointed at the fake', () => {
  it('takes a service from create-cluster to delete-service --force as on AWS', {
    timeout: 300_000,
  }, async (context) => {
    const aws = cli(context);
    expect(await aws.json('ecs create-cluster --cluster-name shop')).toMatchObject({
      cluster: { clusterName: 'shop', status: 'ACTIVE', runningTasksCount: 0 },
    });
    const registry = await makeRegistry(aws);
    expect(await aws.json('ecs register-task-definition --cli-input-json', taskDefinition('web:1'))).toMatchObject({
      taskDefinition: { family: 'web', revision: 1, status: 'ACTIVE', compatibilities: ['EC2', 'FARGATE'] },
    });
    const create = [`--network-configuration=${network}`, '--service-registries', `registryArn=${registry.arn}`];
    const made = await aws.json(
      'ecs create-service --cluster shop --service-name web --task-definition web --desired-count 2 --launch-type FARGATE',
      ...create,
    );
    expect(made).toMatchObject({ service: { status: 'ACTIVE', desiredCount: 2, runningCount: 0 } });
    await aws.json('ecs wait services-stable --cluster shop --services web');
    expect(await describeService(aws)).toMatchObject({
      runningCount: 2,
      deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 }],
    });
    await discovered(aws, 2);

    await aws.json('ecs register-task-definition --cli-input-json', taskDefinition('web:2'));
    const changed = await aws.json(
      'ecs update-service --cluster shop --service web --task-definition web:2 --desired-count 3',
    );
    expect(changed).toMatchObject({
      service: { deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }, { status: 'ACTIVE' }] },
    });
    await aws.json('ecs wait services-stable --cluster shop --services web');
    expect(await describeService(aws)).toMatchObject({
      taskDefinition: expect.stringMatching(/:task-definition\/web:2$/),
      runningCount: 3,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
    await discovered(aws, 3);

    const refused = await aws.run('ecs delete-service --cluster shop --service web');
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('The service cannot be stopped while it is scaled above 0.');
    expect(await aws.json('ecs delete-service --cluster shop --service web --force')).toMatchObject({
      service: { status: 'DRAINING' },
    });
    await aws.json('ecs wait services-inactive --cluster shop --services web');
    expect(await describeService(aws)).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
    await discovered(aws, 0);
    await aws.json(`servicediscovery delete-service --id ${registry.id}`);
    expect(await aws.json('ecs delete-cluster --cluster shop')).toMatchObject({ cluster: { status: 'INACTIVE' } });
  });

  it('prints AWS errors as AWS does', async (context) => {
    const aws = cli(context);
    const missing = await aws.run('ecs describe-services --cluster none --services x');
    expect(missing.stderr).toContain('(ClusterNotFoundException) when calling the DescribeServices operation');
    const unknown = await aws.run('ecs describe-task-definition --task-definition none');
    expect(unknown.stderr).toContain(
      '(ClientException) when calling the DescribeTaskDefinition operation: Unable to describe',
    );
  });

  it('assumes a role of another account', async (context) => {
    const answer = await cli(context).json(
      'sts assume-role --role-session-name me --role-arn arn:aws:iam::222222222222:role/r',
    );
    expect(answer).toMatchObject({ AssumedRoleUser: { Arn: 'arn:aws:sts::222222222222:assumed-role/r/me' } });
  });
});

async function makeRegistry(aws: AwsCli): Promise<{ readonly id: string; readonly arn: string }> {
  await aws.json('servicediscovery create-private-dns-namespace --name shop.local --vpc vpc-1');
  const namespace = await waitFor(() => aws.json('servicediscovery list-namespaces --query Namespaces[0].Id'), {
    describe: 'the namespace is there',
    until: (id) => typeof id === 'string',
  });
  const dns = 'RoutingPolicy=MULTIVALUE,DnsRecords=[{Type=A,TTL=60}]';
  // The query names exactly these two texts.
  const [id, arn] = (await aws.json(
    `servicediscovery create-service --name web --namespace-id ${namespace} --dns-config ${dns} --query [Service.Id,Service.Arn]`,
  )) as [string, string];
  return { id, arn };
}

async function describeService(aws: AwsCli): Promise<unknown> {
  return aws.json('ecs describe-services --cluster shop --services web --query services[0]');
}

/** Waits until so many instances are found, each with an address and what ECS says of its task. */
async function discovered(aws: AwsCli, count: number): Promise<void> {
  const found = await waitFor(
    () =>
      aws.json('servicediscovery discover-instances --namespace-name shop.local --service-name web --query Instances'),
    { describe: `${count} instances are found`, until: (seen) => Array.isArray(seen) && seen.length === count },
  );
  for (const instance of Array.isArray(found) ? found : []) {
    expect(instance).toMatchObject({
      Attributes: {
        AWS_INSTANCE_IPV4: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
        ECS_CLUSTER_NAME: 'shop',
        ECS_SERVICE_NAME: 'web',
      },
    });
  }
}
