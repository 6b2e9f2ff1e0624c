/**
 * The environment of etcd and kube-apiserver. Go collects garbage each time the heap has grown by GOGC percent, by
 * default 100: for an API server whose objects come and go with each write a quarter of its CPU time. These programs run
 * beside the operator on few cores, and what they hold is small; GOMEMLIMIT bounds what they take when it is not.
 */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // What somebody set on purpose wins.
  return { GOGC: '400', GOMEMLIMIT: '3GiB', ...env };
}
