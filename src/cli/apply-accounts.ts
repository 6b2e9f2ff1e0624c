import { Command, Option } from 'commander';
import { duration } from '../flag-values.ts';

interface Flags {
  readonly kubeconfig?: string;
  readonly limit: number;
}

/**
 * The command `apply-accounts`: AwsAccounts by server-side apply. The chart's hook runs it, since Helm can make no object
 * in the same release as its CRD.
 */
export function applyAccountsCommand(version: string): Command {
  return new Command('apply-accounts')
    .description('Apply AwsAccounts, once the cluster serves them')
    .argument('<file...>', 'manifests of AwsAccounts: files, or folders of them')
    .option('--kubeconfig <file>', "which cluster; else the pod's own, else KUBECONFIG, else ~/.kube/config")
    .addOption(
      new Option('--limit <duration>', 'how long to wait for the CRD and the API server')
        .argParser(duration)
        .default(120_000, '2m'),
    )
    .action(async (files: string[], { kubeconfig, limit }: Flags) => {
      const { applyAccounts } = await import('./run-apply-accounts.ts');
      await applyAccounts({ files, kubeconfig, limitMs: limit, version });
    });
}
