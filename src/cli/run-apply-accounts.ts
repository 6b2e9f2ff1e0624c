import { awsAccountType } from '../kinds/aws-account/type.ts';
import { KubeClient } from '../kube/client.ts';
import { KubeApiError, KubeRequestError } from '../kube/errors.ts';
import { kubeTransport } from '../kube/http-transport.ts';
import { type Clock, sleep, systemClock } from '../runtime/clock.ts';
import { CommandError } from './command-error.ts';
import { type Manifest, readManifests } from './dev/manifests.ts';

const RETRY_MS = 1000;
const FIELD_MANAGER = 'ecs-operator-accounts';

interface ApplyOptions {
  readonly files: readonly string[];
  readonly kubeconfig: string | undefined;
  /** How long in all to wait for the CRD and the API server; milliseconds. */
  readonly limitMs: number;
  readonly version: string;
}

/** Applies them in their order. @throws CommandError at the first that is no AwsAccount, or is refused. */
export async function applyAccounts(options: ApplyOptions): Promise<void> {
  const manifests = await readManifests(options.files);
  for (const { kind, where } of manifests) {
    if (kind !== awsAccountType.kind) throw new CommandError(`${where}: ${kind} is not an AwsAccount`, 2);
  }
  const clock = systemClock();
  const connection = await kubeTransport({
    kubeconfig: options.kubeconfig,
    env: process.env,
    clock,
    userAgent: `ecs-operator/${options.version}`,
  });
  const client = new KubeClient({ transport: connection.transport, clock });
  const until = clock.now() + options.limitMs;
  try {
    for (const manifest of manifests) {
      await applyUntil(until, { client, clock, manifest });
      console.log(`AwsAccount ${manifest.name}: applied`);
    }
  } finally {
    connection.close();
  }
}

/** Tries again while it is only too early. @throws CommandError with the API server's words. */
async function applyUntil(
  until: number,
  { client, clock, manifest }: { readonly client: KubeClient; readonly clock: Clock; readonly manifest: Manifest },
): Promise<void> {
  let told = '';
  for (;;) {
    try {
      await client.apply(awsAccountType, { name: manifest.name }, manifest.object, { fieldManager: FIELD_MANAGER });
      return;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!isTooEarly(error) || clock.now() + RETRY_MS > until) {
        throw new CommandError(`${manifest.where}: AwsAccount ${manifest.name}: ${why}`);
      }
      if (why !== told) console.log(`AwsAccount ${manifest.name}: not yet: ${why}`);
      told = why;
      await sleep(clock, RETRY_MS);
    }
  }
}

/** No CRD yet, no role bound yet, no API server yet. */
function isTooEarly(error: unknown): boolean {
  if (error instanceof KubeRequestError) return true;
  if (!(error instanceof KubeApiError)) return false;
  // A member that the kind does not have is answered with 500 too.
  if (/field not declared in schema/.test(error.message)) return false;
  return error.status === 404 || error.status === 403 || error.status === 429 || error.status >= 500;
}
