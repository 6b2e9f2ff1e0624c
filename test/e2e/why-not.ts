// Prints why the tests on a kind cluster cannot run here, and exits with 3; says nothing and exits with 0 where they can.
import { whyNoCluster } from './harness/cluster.ts';

const why = await whyNoCluster();
if (why !== undefined) {
  console.log(why);
  process.exitCode = 3;
}
