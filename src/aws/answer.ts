import { AwsCallError, type CallContext } from './errors.ts';
import { OPERATIONS } from './operations.ts';

/** Operations that AWS may answer with nothing at all. */
const MAY_BE_EMPTY = /^ecs\.(Tag|Untag|List)|^servicediscovery\.(Tag|Untag|List|DeleteService|DeregisterInstance)/;

/**
 * Refuses an answer that holds nothing where AWS always says something: a proxy's empty 200 is no word of AWS's, and
 * must not be taken for one.
 * @throws AwsCallError of kind Transient
 */
export function requireAnswer(output: object, { operation, target }: CallContext): void {
  const holdsSomething = Object.entries(output).some(([name, value]) => name !== '$metadata' && value !== undefined);
  if (holdsSomething || MAY_BE_EMPTY.test(operation)) return;
  const { service, name, effect } = OPERATIONS[operation];
  const where = target.endpoint ?? `${service} in ${target.region}`;
  throw new AwsCallError(`${name}: the answer from ${where} is empty: is the endpoint right?`, {
    kind: 'Transient',
    code: 'EmptyAnswer',
    operation,
    effect: effect === 'write' ? 'unknown' : 'none',
  });
}
