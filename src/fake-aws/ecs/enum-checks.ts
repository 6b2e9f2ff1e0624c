import { invalidParameter } from './errors.ts';

/**
 * Holds a value to one of AWS's lists.
 * @throws AwsError InvalidParameterException, with the list.
 */
export function checkEnum(options: {
  readonly name: string;
  readonly value: string | undefined;
  readonly of: Readonly<Record<string, string>>;
}): void {
  const { name, value } = options;
  if (value === undefined) return;
  const values = Object.values(options.of);
  if (values.includes(value)) return;
  throw invalidParameter(
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum ` +
      `value set: [${values.join(', ')}]`,
  );
}

/**
 * Holds a number to a range.
 * @throws AwsError InvalidParameterException, with the range.
 */
export function checkRange(options: {
  readonly name: string;
  readonly value: number | undefined;
  readonly from: number;
  readonly to: number;
}): void {
  const { name, value, from, to } = options;
  if (value === undefined || (value >= from && value <= to)) return;
  throw invalidParameter(`${name} must be between ${from} and ${to}, but it is ${value}.`);
}
