import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { KubeClient } from '../../../src/kube/client.ts';
import { KubeApiError, KubeConfigError, KubeProtocolError, KubeRequestError } from '../../../src/kube/errors.ts';
import { kubeTransport } from '../../../src/kube/http-transport.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { effort, TEST_MS } from './effort.ts';

/** Stands wherever a kubeconfig holds what nobody may read in a log. */
const SECRET = 'sEcReT';

let directory: string;
let api: Server;
let url: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  api = createServer((_, response) => response.end('{"gitVersion":"v1.34.4"}'));
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const address = api.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(async () => {
  api.close();
  await rm(directory, { recursive: true });
});

/** Anything that YAML may hold where a text is meant. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, 1.5, '', ' ', [], {}, [null], { a: 1 }, { toString: 1 }, '\0', 'x\ny', 'ü'),
  fc.jsonValue(),
);
const secret = fc.constantFrom(
  SECRET,
  `${SECRET}\n`,
  `*${SECRET}`,
  `&${SECRET}`,
  `!${SECRET} x`,
  `${SECRET}: "`,
  `"${SECRET}`,
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: value }, { weight: 1, arbitrary: odd });
const optional = (members: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []): fc.Arbitrary<object> =>
  fc.record(members, { requiredKeys });

const name = maybe(fc.constantFrom('here', 'here', 'here', 'here', 'there', '__proto__', 'constructor'));
const base64 = fc.constantFrom(SECRET, Buffer.from(SECRET).toString('base64'), '%%%');
const cluster = optional(
  {
    server: maybe(
      fc.constantFrom('SERVER', 'SERVER', 'SERVER/', 'SERVER/prefix', 'ftp://x', 'not a url', 'http://', 'http://[::1'),
    ),
    'certificate-authority-data': maybe(base64),
    'certificate-authority': maybe(fc.constantFrom('missing.crt', '.', '')),
    'insecure-skip-tls-verify': maybe(fc.boolean()),
    'tls-server-name': maybe(fc.constant('api')),
  },
  ['server'],
);
const exec = optional({
  command: maybe(fc.constantFrom('./missing', 'no-such-program-anywhere', 'true', 'false')),
  args: maybe(fc.array(maybe(fc.constant(SECRET)), { maxLength: 2 })),
  env: maybe(fc.array(maybe(optional({ name: maybe(fc.constant('A')), value: maybe(secret) })), { maxLength: 2 })),
  apiVersion: maybe(fc.constant('client.authentication.k8s.io/v1')),
  provideClusterInfo: maybe(fc.boolean()),
});
const user = optional({
  token: maybe(secret),
  tokenFile: maybe(fc.constantFrom('missing', '.')),
  username: maybe(fc.constant('me')),
  password: maybe(secret),
  'client-certificate-data': maybe(base64),
  'client-key-data': maybe(base64),
  as: maybe(fc.constant('other')),
  exec: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: maybe(exec) }),
});
const entries = (member: string, fields: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  maybe(fc.array(maybe(optional({ name, [member]: maybe(fields) }, ['name', member])), { minLength: 1, maxLength: 2 }));
const config = optional(
  {
    apiVersion: fc.constant('v1'),
    'current-context': name,
    contexts: entries(
      'context',
      optional({ cluster: name, user: name, namespace: maybe(fc.constant('shop')) }, ['cluster']),
    ),
    clusters: entries('cluster', cluster),
    users: entries('user', user),
  },
  ['current-context', 'contexts', 'clusters', 'users'],
);

/** How the text is spoilt: as it came, or cut, or with something in the middle. */
const accident = fc.option(
  fc.record({
    perMille: fc.nat(1000),
    instead: fc.constantFrom('', '\t', '\0', '%', '- x: [', '*a', '!!js/function x', '"', '{', '<<: *x\n'),
  }),
  { freq: 3, nil: undefined },
);
const text = fc.tuple(config, fc.constantFrom('yaml', 'json'), accident).map(([value, form, spoilt]) => {
  const whole = form === 'json' ? JSON.stringify(value) : stringify(value);
  if (spoilt === undefined) return whole;
  const at = Math.floor((whole.length * spoilt.perMille) / 1000);
  return whole.slice(0, at) + spoilt.instead + (spoilt.instead === '' ? '' : whole.slice(at));
});

it(
  'leads to a working connection, or to one line that names the file and tells no secret',
  async () => {
    const file = join(directory, 'config');
    const warned: string[] = [];
    const onWarning = (warning: Error) => void warned.push(warning.message);
    process.on('warning', onWarning);
    let connected = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.string() }),
        async (content) => {
          await writeFile(file, content.replaceAll('SERVER', url));
          const message = await attempt(file);
          if (message === undefined) {
            connected++;
            return;
          }
          expect(message).not.toContain(SECRET);
          expect(message).not.toContain(Buffer.from(SECRET).toString('base64'));
          if (!message.startsWith('credential plugin')) expect(message).toContain(file);
          expect(message).not.toMatch(/\n/);
        },
      ),
      effort(300),
    );
    process.off('warning', onWarning);
    expect(warned.filter((words) => words.includes(SECRET))).toEqual([]);
    // Else nothing but refusals would have been tried.
    expect(connected).toBeGreaterThan(0);
  },
  TEST_MS,
);

/** @returns what a person is told when it does not work. */
async function attempt(file: string): Promise<string | undefined> {
  try {
    const clock = systemClock();
    const connection = await kubeTransport({
      kubeconfig: file,
      env: { PATH: process.env.PATH },
      clock,
      userAgent: 'test/1',
    });
    const client = new KubeClient({ transport: connection.transport, clock, timeoutMs: 5_000 });
    try {
      await client.serverVersion();
    } catch (error) {
      // From here on the server is what matters: it is named, and so is the reason.
      expect([KubeApiError, KubeProtocolError, KubeRequestError].some((kind) => error instanceof kind)).toBe(true);
      return `${file} ${error instanceof Error ? error.message : ''}`;
    } finally {
      connection.close();
    }
    return undefined;
  } catch (error) {
    if (error instanceof KubeConfigError) return error.message;
    throw error;
  }
}
