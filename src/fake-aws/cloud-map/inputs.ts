import { InputChecker, type SdkSchema } from '../core/input.ts';
import type { CallContext } from '../core/request.ts';

/** The SDK's input type after the check: required members are there. */
export type Checked<T> = T extends Date | string | number | boolean
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Checked<Item>[]
    : T extends object
      ? {
          readonly [K in keyof T]: Record<never, never> extends Pick<T, K>
            ? Checked<T[K]>
            : Checked<Exclude<T[K], undefined>>;
        }
      : T;

/** An operation: takes the raw input, answers the output in the SDK's shape or throws an AwsError. */
export type Operation = (input: unknown, context: CallContext) => object;

const checker = new InputChecker({ invalidCode: 'InvalidInput' });

/** An operation whose input is checked against the SDK's schema first. */
export function operation<Input extends object>(
  schema: SdkSchema,
  run: (input: Checked<Input>, context: CallContext) => object,
): Operation {
  // The checker refuses whatever does not have the schema's members and types, and `Input` is generated from the same.
  return (input, context) => run(checker.check(schema, input) as Checked<Input>, context);
}
