import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what took long to make is kept: ECS_OPERATOR_CACHE, else the user's cache folder by the XDG specification. */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  if (env.ECS_OPERATOR_CACHE) return env.ECS_OPERATOR_CACHE;
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'ecs-operator');
}
