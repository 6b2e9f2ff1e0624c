import { misshapen } from './answer-shape.ts';
import { AwsCallError, type CallContext } from './errors.ts';
import { OPERATIONS, type Operation } from './operations.ts';

/** Operations that AWS may answer with nothing at all. */
const MAY_BE_EMPTY = /^ecs\.(Tag|Untag|List)|^servicediscovery\.(Tag|Untag|List|DeleteService|DeregisterInstance)/;

/**
 * Refuses an answer that holds nothing where AWS always says something (a proxy's empty 200 is no word of AWS's, and
 * must not be taken for one), and one whose parts are not of the types that AWS's model gives them.
 * @throws AwsCallError of kind Transient
 */
export function requireAnswer(output: object, context: CallContext): void {
  const { operation } = context;
  const holdsSomething = Object.entries(output).some(([name, value]) => name !== '$metadata' && value !== undefined);
  if (!holdsSomething) {
    if (MAY_BE_EMPTY.test(operation)) return;
    throw unusable(context, 'EmptyAnswer', 'is empty');
  }
  const fault = misshapen(operation, output);
  if (fault === undefined) return;
  const { path, found, wanted } = fault;
  throw unusable(context, 'MisshapenAnswer', `is not AWS's: ${path.replace(/^\./, '')} is ${found}, not ${wanted}`);
}

/** For an answer without a member that nothing can be done without, e.g. `cluster.clusterArn`. */
export function lacking(operation: Operation, path: string): AwsCallError {
  const { name, effect } = OPERATIONS[operation];
  return new AwsCallError(`${name}: the answer has no ${path}`, {
    kind: 'Transient',
    code: 'MisshapenAnswer',
    operation,
    effect: effect === 'write' ? 'unknown' : 'none',
  });
}

function unusable({ operation, target }: CallContext, code: string, what: string): AwsCallError {
  const { service, name, effect } = OPERATIONS[operation];
  const where = target.endpoint ?? `${service} in ${target.region}`;
  return new AwsCallError(`${name}: the answer from ${where} ${what}; is the endpoint right?`, {
    kind: 'Transient',
    code,
    operation,
    effect: effect === 'write' ? 'unknown' : 'none',
  });
}
