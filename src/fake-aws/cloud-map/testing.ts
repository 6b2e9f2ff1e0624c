import { expect } from 'vitest';
import { seededRandom } from '../../runtime/random.ts';
import { VirtualClock } from '../../runtime/virtual-clock.ts';
import { AwsError } from '../core/aws-error.ts';
import { EventBus } from '../core/events.ts';
import { Timers } from '../core/timers.ts';
import { CloudMap } from './cloud-map.ts';

/** An answer, looked at loosely: what it holds is what a test's assertions are about. */
export type Loose = { [key: string]: Loose } & Loose[] & string;

export const A_RECORD = { DnsRecords: [{ Type: 'A', TTL: 60 }] };

/** A Cloud Map of a test's own, on a clock that the test moves. */
export function testCloudMap() {
  const clock = new VirtualClock();
  const random = seededRandom(7);
  const cloudMap = new CloudMap({
    accountId: '123456789012',
    region: 'eu-west-1',
    partition: 'aws',
    clock,
    random,
    timers: new Timers({ clock }),
    events: new EventBus(random),
  });

  function call(operation: string, input: object = {}): Loose {
    // Any path through the answer is allowed; one that is not there gives undefined, and a failed assertion.
    return cloudMap.handle(operation, input, { caller: 'arn:aws:iam::123456789012:root' }) as Loose;
  }

  /** The error that a call is refused with, as `{code, message, …fields}`. */
  function refusal(operation: string, input: object = {}): Record<string, unknown> {
    try {
      call(operation, input);
    } catch (error) {
      if (error instanceof AwsError) return { code: error.code, message: error.message, ...error.fields };
      throw error;
    }
    throw new Error(`${operation} was not refused`);
  }

  /** Runs an operation to its end; answers its targets. */
  function finished(answer: Loose): Loose {
    clock.advance(60_000);
    const { Operation } = call('GetOperation', { OperationId: answer.OperationId });
    expect(Operation?.Status).toBe('SUCCESS');
    return Operation?.Targets ?? call('GetOperation');
  }

  const namespaceId = (operation = 'CreateHttpNamespace', input: object = { Name: 'shop' }): string =>
    String(finished(call(operation, input)).NAMESPACE);

  return {
    clock,
    cloudMap,
    call,
    refusal,
    finished,
    namespaceId,
    privateNamespace: () => namespaceId('CreatePrivateDnsNamespace', { Name: 'shop.local', Vpc: 'vpc-1' }),
    serviceId: (input: object): string => String(call('CreateService', { Name: 'api', ...input }).Service?.Id),
  };
}
