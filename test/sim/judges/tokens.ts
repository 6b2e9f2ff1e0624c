import type { Appoint } from './judge.ts';
import { type Living, livingOf } from './living.ts';

interface Attempt {
  readonly token: string;
  /** Whether what it asked for was seen in AWS since. */
  wasMade: boolean;
}

/**
 * One attempt has one token, however often it is sent and from whichever process: by that AWS knows it again. Another
 * token is right only for what was made and is gone again.
 */
export const tokens: Appoint = ({ hands, report }) => {
  const attempts = new Map<string, Attempt>();
  const isThere = (operation: string, input: object): boolean => {
    const values = new Set(Object.values(input));
    return livingOf(hands.aws.state()).some(({ type, name }) => type === MADE[operation] && values.has(name));
  };
  return {
    called: ({ cluster, operation, input, line }) => {
      const { clientToken, CreatorRequestId, ...rest } = withTokens(input);
      const token = clientToken ?? CreatorRequestId;
      if (token === undefined) return;
      const key = `${cluster} ${operation} ${JSON.stringify(rest)}`;
      const former = attempts.get(key);
      const isLiving = isThere(operation, rest);
      if (former === undefined || former.token === token) {
        attempts.set(key, { token, wasMade: former?.wasMade === true || isLiving });
        return;
      }
      const isAnew = former.wasMade && !isLiving;
      if (!isAnew) report(`${line} is sent with another token than before, though it is the same attempt`);
      attempts.set(key, { token, wasMade: false });
    },
    ended: ({ call, code }) => {
      if (code !== 'OK') return;
      const { clientToken, CreatorRequestId, ...rest } = withTokens(call.input);
      const attempt = attempts.get(`${call.cluster} ${call.operation} ${JSON.stringify(rest)}`);
      if (attempt !== undefined && attempt.token === (clientToken ?? CreatorRequestId)) attempt.wasMade = true;
    },
  };
};

/** What an operation makes: its input names other things too, such as the cluster it is made in. */
const MADE: Readonly<Record<string, Living['type']>> = {
  'ecs.CreateService': 'service',
  'cloudmap.CreateService': 'cloudMapService',
  'cloudmap.CreateHttpNamespace': 'cloudMapNamespace',
  'cloudmap.CreatePrivateDnsNamespace': 'cloudMapNamespace',
  'cloudmap.CreatePublicDnsNamespace': 'cloudMapNamespace',
};

function withTokens(input: object | undefined): { readonly clientToken?: string; readonly CreatorRequestId?: string } {
  return input ?? {};
}
