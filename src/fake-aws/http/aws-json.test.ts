import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAwsJson, encodeAwsJson } from './aws-json.ts';
import { reviveTimestamps } from './timestamps.ts';

describe('AWS JSON', () => {
  it('is the same JSON that any client reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium' }), (value) => {
        expect(JSON.parse(encodeAwsJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('writes instants as epoch seconds and leaves out what has no value', () => {
    const output = { at: new Date(1_516_925_490_087), none: undefined, list: [new Date(0)], large: 12n };
    expect(encodeAwsJson(output)).toBe('{"at":1516925490.087,"list":[0],"large":12}');
  });

  it('reads null members as left out, and items of lists as they are', () => {
    const body = Buffer.from('{"a":null,"b":{"c":null,"d":1},"e":[null,{"f":null}]}');
    expect(decodeAwsJson(body)).toEqual({ b: { d: 1 }, e: [null, {}] });
    expect(decodeAwsJson(Buffer.alloc(0))).toEqual({});
  });
});

it('numbers become dates exactly where the operation has an instant', () => {
  const input = { service: 's', createdAt: { after: 1.5, before: 2 }, maxResults: 7 };
  reviveTimestamps('ecs', 'ListServiceDeployments', input);
  expect(input).toEqual({ service: 's', createdAt: { after: new Date(1500), before: new Date(2000) }, maxResults: 7 });
  const other = { desiredCount: 3 };
  reviveTimestamps('ecs', 'UpdateService', other);
  reviveTimestamps('ecs', 'NoSuchOperation', other);
  expect(other).toEqual({ desiredCount: 3 });
});
