import {
  type DeleteServiceAttributesRequest,
  DeleteServiceAttributesRequest$,
  type GetServiceAttributesRequest,
  GetServiceAttributesRequest$,
  type UpdateServiceAttributesRequest,
  UpdateServiceAttributesRequest$,
} from '@aws-sdk/client-servicediscovery';
import { AwsError } from '../core/aws-error.ts';
import { type Operation, operation } from './inputs.ts';
import { checkRange, checkText } from './patterns.ts';
import type { CloudMapState } from './state.ts';

const MAX_ATTRIBUTES = 30;

/** GetServiceAttributes, UpdateServiceAttributes and DeleteServiceAttributes. */
export function serviceAttributeHandlers(state: CloudMapState): Readonly<Record<string, Operation>> {
  return {
    GetServiceAttributes: operation<GetServiceAttributesRequest>(GetServiceAttributesRequest$, ({ ServiceId }) => {
      const { arn, attributes } = state.service(ServiceId);
      return {
        ServiceAttributes: {
          ServiceArn: arn,
          ResourceOwner: state.scope.accountId,
          Attributes: Object.fromEntries(attributes),
        },
      };
    }),
    UpdateServiceAttributes: operation<UpdateServiceAttributesRequest>(UpdateServiceAttributesRequest$, (input) => {
      const { attributes } = state.service(input.ServiceId);
      const changes = Object.entries(input.Attributes);
      checkRange({ at: 'attributes.size', value: changes.length, min: 1, max: MAX_ATTRIBUTES });
      for (const [key, value] of changes) {
        checkText({ at: 'attributes.key', value: key, rule: 'serviceAttributeKey' });
        checkText({ at: `attributes.${key}`, value, rule: 'serviceAttributeValue' });
      }
      if (new Set([...attributes.keys(), ...Object.keys(input.Attributes)]).size > MAX_ATTRIBUTES) {
        throw new AwsError({
          code: 'ServiceAttributesLimitExceededException',
          message: `A service can have at most ${MAX_ATTRIBUTES} attributes.`,
        });
      }
      for (const [key, value] of changes) attributes.set(key, value);
      return {};
    }),
    DeleteServiceAttributes: operation<DeleteServiceAttributesRequest>(DeleteServiceAttributesRequest$, (input) => {
      const { attributes } = state.service(input.ServiceId);
      checkRange({ at: 'attributes.size', value: input.Attributes.length, min: 1, max: MAX_ATTRIBUTES });
      for (const key of input.Attributes) attributes.delete(key);
      return {};
    }),
  };
}
