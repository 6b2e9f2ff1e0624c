import { inject } from 'vitest';
import { imageName } from '../../../scripts/build/image-name.ts';
import { member, text } from '../../../src/devcluster/json.ts';
import { AWS_URL, RESTRICTED } from './aws.ts';
import { ended, run } from './command.ts';
import { apply, get, kubectl } from './kubectl.ts';

const { env } = inject('e2e');
/** The chart as it stands in the project. */
export const CHART = 'charts/ecs-operator';
export const RELEASE = 'ecs-operator';
export const NAMESPACE = 'ecs-operator';
/** Names the operator's pods, and not those that the chart runs besides. */
export const OPERATOR = 'app.kubernetes.io/name=ecs-operator,app.kubernetes.io/component=operator';
const SECRET = 'aws-credentials';
/** What the Secret holds, and no log may show. */
export const SECRET_KEY = 'e2e-secret-access-key';
/** Every fake account of a key of twelve digits is its own. */
export const ACCOUNT_ID = '111122223333';

/** How a platform team would install it for two teams. */
const VALUES = {
  config: { endpointUrl: AWS_URL, region: 'eu-central-1' },
  aws: { existingSecret: SECRET },
  networkPolicy: { enabled: true, egressPorts: [443, 6443, 4566] },
  accounts: [
    {
      name: 'default',
      spec: {
        region: 'eu-central-1',
        accountId: ACCOUNT_ID,
        allowedNamespaces: { names: ['team', 'many'] },
        passRoleArns: [`arn:aws:iam::${ACCOUNT_ID}:role/ecsTaskExecutionRole`],
      },
    },
  ],
};

/** The namespace with Pod Security "restricted", and in it the credentials that the chart is told of. */
export async function makeNamespace(): Promise<void> {
  await apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: RESTRICTED } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: SECRET, namespace: NAMESPACE },
      stringData: { AWS_ACCESS_KEY_ID: ACCOUNT_ID, AWS_SECRET_ACCESS_KEY: SECRET_KEY },
    },
  ]);
}

/** `helm install` or `helm upgrade`, until everything runs. @returns the warnings that helm passed on */
export async function deploy(command: 'install' | 'upgrade', chart: string): Promise<string> {
  const args = [command, RELEASE, chart, `--namespace=${NAMESPACE}`, '--values=-', '--wait', '--timeout=3m'];
  const { code, stdout, stderr } = await ended('helm', args, { env, input: JSON.stringify(VALUES) });
  if (code !== 0) throw new Error(`helm ${args.join(' ')} ended with ${code}\n${stderr}\n${stdout}`);
  return stderr;
}

/** `helm template` of the project's chart with these values, as a release of another name: nothing of it is there yet. */
export function render(values: object, ...flags: readonly string[]): Promise<string> {
  const args = ['template', 'rendered', CHART, `--namespace=${NAMESPACE}`, '--values=-', ...flags];
  return run('helm', args, { env, input: JSON.stringify(values) });
}

/** The operator's pods, without those that are on their way out. */
export async function operatorPods(): Promise<readonly { readonly name: string; readonly pod: unknown }[]> {
  const pods = await get('pods', `--namespace=${NAMESPACE}`, `--selector=${OPERATOR}`);
  return pods
    .filter((pod) => member(pod, 'metadata', 'deletionTimestamp') === undefined)
    .map((pod) => ({ name: text(member(pod, 'metadata', 'name')) ?? '', pod }));
}

/** The name of the pod that holds the Lease; undefined when nobody does. */
export async function leader(): Promise<string | undefined> {
  const [lease] = await get('lease/ecs-operator', `--namespace=${NAMESPACE}`);
  // The holder's name is the pod's, and after it what tells two processes of one pod apart.
  return text(member(lease, 'spec', 'holderIdentity'))?.split('_')[0] || undefined;
}

/** Until both replicas run the newest template and are ready. */
export async function operatorIsUp(): Promise<void> {
  await kubectl('rollout', 'status', 'deployment/ecs-operator', `--namespace=${NAMESPACE}`, '--timeout=3m');
}

/** The image that runs, for the fake that runs beside. */
export { imageName };
