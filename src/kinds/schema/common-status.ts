import type { CommonStatus } from '../../reconcile/types.ts';
import { list, map, type OwnOf, object, oneOf, text, time, whole, yesNo } from './own.ts';

/** Longest ARN we keep. AWS's own limit is 2048. */
export const arn = (description: string) => text(description, { max: 2048 });

/** A condition by the API conventions (KEP-1623). */
const condition = object(
  '',
  {
    type: text('What is spoken of, e.g. Ready.', { max: 316 }),
    status: oneOf('', ['True', 'False', 'Unknown']),
    reason: text('Why, in one CamelCase word.', { max: 1024 }),
    message: text('Why, for people.', { max: 32_768 }),
    observedGeneration: whole('The generation of this object that it was said about.', { min: 0 }),
    lastTransitionTime: time('When the status last changed.'),
  },
  { required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'] },
);

/** What the status of every kind has. */
export const commonStatus = {
  conditions: list('What holds of this object, by type.', condition, { max: 20, key: 'type' }),
  observedGeneration: whole('The generation of this object that this status speaks of.', { min: 0 }),
  name: text('The name in AWS, frozen once it was resolved.', { max: 1024 }),
  arn: arn('The ARN in AWS.'),
  account: object('The account that it was made in.', {
    name: text('The AwsAccount; absent for the identity of the operator.', { max: 253 }),
    accountId: text('AWS account id.', { max: 12 }),
    region: text('AWS region.', { max: 64 }),
  }),
  ownerUid: text('The UID in the tags in AWS, when they were last seen to be ours.', { max: 64 }),
  adopted: yesNo(
    'Taken over from somebody else: kept in AWS when this object is deleted, unless spec.policy says more.',
  ),
  incarnation: whole('Grows when it was confirmed to be gone from AWS, so that the next creation is another one.', {
    min: 0,
  }),
  applied: object(
    'What we declared to AWS.',
    {
      leaves: map(
        'Path of each declared field: a hash of what AWS confirmed, or "" while the call is under way.',
        text('', { max: 64 }),
        {
          max: 20_000,
        },
      ),
    },
    { required: ['leaves'], atomic: true },
  ),
  drift: list(
    'Declared fields that AWS holds otherwise, and that policy tells us to leave.',
    object(
      '',
      {
        path: text('The field.', { max: 1024 }),
        declared: text('What the spec says.', { max: 1024 }),
        live: text('What AWS holds.', { max: 1024 }),
      },
      { required: ['path', 'declared', 'live'] },
    ),
    { max: 100 },
  ),
  references: map(
    'What each reference of the spec led to, by its path; a deletion still finds its way by it.',
    object('', { arn: arn('ARN in AWS.'), name: text('Name in AWS.', { max: 1024 }) }, { required: ['arn', 'name'] }),
    { max: 100 },
  ),
  observed: map('What this status was computed from: Kind/namespace/name to generation.', whole(''), { max: 200 }),
} as const satisfies OwnOf<CommonStatus>;
