import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../../../src/fake-aws/core/aws-error.ts';
import type { FakeAws } from '../../../src/fake-aws/fake-aws.ts';

type Tags = Readonly<Record<string, string>>;
type Call = Parameters<FakeAws['handle']>[0];

/** What IAM sees of one authorisation. */
interface Asked {
  readonly action: string;
  readonly requestTags: Tags;
  /** Of the resource that is there; empty for one that is being made. */
  readonly resourceTags: Tags;
  readonly createAction?: string;
}

interface Statement {
  readonly Action: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * From now on the fake answers ECS calls only where the given policies of iam/ allow them, as AWS would: conditions on
 * tags and on the creating action are evaluated, resources are not. The tag's value is narrowed to one installation.
 */
export function guard(fake: FakeAws, policies: readonly string[], installation: string): void {
  const statements = policies.flatMap((name) => statementsOf(name, installation));
  const answer = fake.handle.bind(fake);
  const tagsOf = (call: Call, arn: string): Tags => {
    const found = answer({ ...call, operation: 'ListTagsForResource', input: { resourceArn: arn } });
    return asMap('tags' in found ? found.tags : []);
  };
  fake.handle = (call) => {
    if (call.service === 'ecs') {
      for (const asked of asks(call, (arn) => tagsOf(call, arn))) {
        if (statements.some((statement) => allows(statement, asked))) continue;
        const message = `User: x is not authorized to perform: ${asked.action} on resource: r`;
        throw new AwsError({ code: 'AccessDeniedException', message, httpStatus: 400 });
      }
    }
    return answer(call);
  };
}

function statementsOf(name: string, installation: string): readonly Statement[] {
  const text = readFileSync(join(import.meta.dirname, '../../../iam', `${name}.json`), 'utf8');
  return JSON.parse(text.replaceAll(/(installation"): "\*"/g, `$1: "${installation}"`)).Statement;
}

/** A creation with tags is asked for twice: for itself, and for the tags. */
function* asks({ operation, input, accountId, region }: Call, tagsOf: (arn: string) => Tags): Generator<Asked> {
  const given = input as Readonly<Record<string, unknown>>;
  const requestTags = asMap(given.tags);
  const action = `ecs:${operation}`;
  if (/^(Create|Register)/.test(operation)) {
    yield { action, requestTags, resourceTags: {} };
    if (Object.keys(requestTags).length > 0) {
      yield { action: 'ecs:TagResource', requestTags, resourceTags: {}, createAction: operation };
    }
    return;
  }
  const base = `arn:aws:ecs:${region}:${accountId}`;
  const last = (value: unknown) => String(value).split('/').at(-1);
  const arn =
    given.resourceArn ??
    (given.service !== undefined
      ? `${base}:service/${last(given.cluster ?? 'default')}/${last(given.service)}`
      : given.cluster !== undefined && /^(Update|Delete|Put)/.test(operation)
        ? `${base}:cluster/${last(given.cluster)}`
        : undefined);
  yield { action, requestTags, resourceTags: typeof arn === 'string' ? tagsOf(arn) : {} };
}

function allows({ Action, Condition = {} }: Statement, asked: Asked): boolean {
  if (!Action.includes(asked.action)) return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const value = contextOf(key, asked);
      if (operator === 'Null') return (value === undefined) === (wanted === 'true');
      if (operator === 'StringLike' || operator === 'StringEquals')
        return value !== undefined && [wanted].flat().includes(value);
      throw new Error(`the guard does not know ${operator}`);
    }),
  );
}

function contextOf(key: string, asked: Asked): string | undefined {
  const [kind = '', ...rest] = key.split('/');
  const name = rest.join('/');
  if (kind === 'aws:RequestTag') return asked.requestTags[name];
  if (kind === 'aws:ResourceTag') return asked.resourceTags[name];
  if (kind === 'ecs:CreateAction') return asked.createAction;
  throw new Error(`the guard does not know ${key}`);
}

function asMap(tags: unknown): Tags {
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(tags.map(({ key, value }: { key: string; value: string }) => [key, value]));
}
