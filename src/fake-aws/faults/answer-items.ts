/** The members by which ECS and Cloud Map name what an answer tells of, the most particular first. */
const IDS = [
  'serviceRevisionArn',
  'serviceDeploymentArn',
  'taskArn',
  'taskDefinitionArn',
  'serviceArn',
  'clusterArn',
  'Arn',
  'InstanceId',
  'Id',
];
const BIRTHS = ['createdAt', 'registeredAt', 'CreateDate'];

/** A thing that an answer tells of. */
export interface AnswerItem {
  readonly id: string;
  readonly value: object;
  /** When it was made, in milliseconds since the epoch, where the answer says so. */
  readonly bornAt: number | undefined;
}

/** The value as an item, or undefined when it has no id. */
export function itemOf(value: unknown): AnswerItem | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const name = IDS.find((candidate) => candidate in value);
  const id: unknown = name === undefined ? undefined : Reflect.get(value, name);
  if (typeof id !== 'string') return undefined;
  const born: unknown = BIRTHS.map((candidate) => Reflect.get(value, candidate)).find((date) => date instanceof Date);
  return { id, value, bornAt: born instanceof Date ? born.getTime() : undefined };
}

/** The items that an answer holds, in lists or alone. */
export function itemsIn(output: object): AnswerItem[] {
  return Object.values(output)
    .flatMap((member: unknown) => (Array.isArray(member) ? member : [member]))
    .map(itemOf)
    .filter((item) => item !== undefined);
}

/** Whether an operation only looks. */
export function isRead(operation: string): boolean {
  return /^(Describe|Get|List|Discover)/.test(operation);
}
