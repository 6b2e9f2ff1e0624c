import { expect, it } from 'vitest';
import { decodeQuery, encodeQueryAnswer, encodeQueryError } from './query-xml.ts';

it('a form becomes the nested input that the SDK was given', () => {
  const form =
    'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&Tags.member.2.Key=b&Tags.member.2.Value=' +
    '&Tags.member.1.Key=a&Tags.member.1.Value=x+y&PolicyArns.member.1.arn=p';
  expect(decodeQuery(form)).toEqual({
    operation: 'AssumeRole',
    input: {
      RoleArn: 'arn:aws:iam::1:role/r',
      Tags: [
        { Key: 'a', Value: 'x y' },
        { Key: 'b', Value: '' },
      ],
      PolicyArns: [{ arn: 'p' }],
    },
  });
});

it('a form without an action is none of ours', () => {
  expect(decodeQuery('')).toBeUndefined();
  expect(decodeQuery('{"a":1}')).toBeUndefined();
});

it('what stands in an answer or an error cannot break its XML', () => {
  const text = `<&>"'`;
  const xml = encodeQueryAnswer('Op', { List: [text], When: new Date(0), Nothing: undefined }, 'id');
  expect(xml).toContain('<OpResult><List><member>&#60;&#38;&#62;&#34;&#39;</member></List>');
  expect(xml).toContain('<When>1970-01-01T00:00:00.000Z</When></OpResult>');
  const error = encodeQueryError({ code: 'AccessDenied', message: text, httpStatus: 403 }, 'id');
  expect(error).toContain('<Type>Sender</Type><Code>AccessDenied</Code><Message>&#60;&#38;');
});
