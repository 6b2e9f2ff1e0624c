import { invalidInput } from './state.ts';

/** AWS's bounds of one string (botocore's model of servicediscovery, 2017-03-14). */
interface TextRule {
  readonly max: number;
  readonly min?: number;
  readonly pattern?: RegExp;
}

const label = '[a-zA-Z0-9]([a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?';
const serviceLabel = '([a-zA-Z0-9_][a-zA-Z0-9-_]{0,61}[a-zA-Z0-9_]|[a-zA-Z0-9])';

const RULES = {
  namespaceNameHttp: { min: 1, max: 1024, pattern: /^(?!arn:)[!-~]{1,1024}$/ },
  namespaceNamePrivate: { min: 1, max: 253, pattern: /^(?!arn:)[!-~]{1,253}$/ },
  namespaceNamePublic: { min: 1, max: 253, pattern: new RegExp(`^(${label}\\.)+${label}$`) },
  serviceName: { min: 1, max: 127, pattern: new RegExp(`^(${serviceLabel}(\\.${serviceLabel})*|\\.)$`) },
  resourceId: { max: 64 },
  description: { max: 1024 },
  resourcePath: { max: 255 },
  instanceId: { min: 1, max: 64, pattern: /^[0-9a-zA-Z_/:.@-]+$/ },
  attributeKey: { min: 1, max: 255, pattern: /^[a-zA-Z0-9!-~]+$/ },
  attributeValue: { max: 1024, pattern: /^([a-zA-Z0-9!-~][ \ta-zA-Z0-9!-~]*){0,1}[a-zA-Z0-9!-~]{0,1}$/ },
  serviceAttributeKey: { min: 1, max: 255 },
  serviceAttributeValue: { max: 1024 },
} satisfies Record<string, TextRule>;

export interface TextCheck {
  /** Where the value stands, as AWS names it (`name`, `service.description`). */
  readonly at: string;
  readonly value: string | undefined;
  readonly rule: keyof typeof RULES;
}

/** @throws AwsError InvalidInput in AWS's words when the text breaks its rule; an absent one breaks none. */
export function checkText({ at, value, rule }: TextCheck): void {
  if (value === undefined) return;
  const { max, min, pattern }: TextRule = RULES[rule];
  if (min !== undefined && value.length < min) {
    throw constraint({ at, value, wanted: `Member must have length greater than or equal to ${min}` });
  }
  if (value.length > max)
    throw constraint({ at, value, wanted: `Member must have length less than or equal to ${max}` });
  if (pattern && !pattern.test(value)) {
    throw constraint({ at, value, wanted: `Member must satisfy regular expression pattern: ${pattern.source}` });
  }
}

export interface RangeCheck {
  readonly at: string;
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
}

/** @throws AwsError InvalidInput when the number is out of bounds; an absent one is not. */
export function checkRange({ at, value, min, max }: RangeCheck): void {
  if (value === undefined) return;
  if (value < min) throw constraint({ at, value, wanted: `Member must have value greater than or equal to ${min}` });
  if (value > max) throw constraint({ at, value, wanted: `Member must have value less than or equal to ${max}` });
}

export interface ChoiceCheck {
  readonly at: string;
  readonly value: string | undefined;
  readonly choices: readonly string[];
}

/** @throws AwsError InvalidInput when the value is none of AWS's; an absent one is not. */
export function checkChoice({ at, value, choices }: ChoiceCheck): void {
  if (value === undefined || choices.includes(value)) return;
  throw constraint({ at, value, wanted: `Member must satisfy enum value set: [${choices.join(', ')}]` });
}

function constraint({ at, value, wanted }: { at: string; value: string | number; wanted: string }) {
  return invalidInput(
    `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: ${wanted}`,
  );
}
