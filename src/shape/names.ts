import type { Names, Sameness } from './canonical.ts';

/** A task definition as it is named: `family`, `family:3` or an ARN with either. */
export interface TaskDefinitionName {
  readonly family: string;
  readonly revision: number | undefined;
  /** `arn:aws:ecs:<region>:<account>`, when it was an ARN. */
  readonly owner: string | undefined;
}

/** Reads AWS's three ways to name a task definition. Never throws: what is no ARN is a family. */
export function parseTaskDefinitionName(text: string): TaskDefinitionName {
  const [, owner, short = text] = /^(arn:[^:]*:ecs:[^:]*:[^:]*):task-definition\/(.*)$/.exec(text) ?? [];
  const [, family = short, revision] = /^(.*):(\d+)$/.exec(short) ?? [];
  return { family, revision: revision === undefined ? undefined : Number(revision), owner };
}

/** Without a revision any revision of the family is meant: AWS took the newest one when it was asked. */
export function sameTaskDefinitionName(declared: string, live: string): Sameness {
  const a = parseTaskDefinitionName(declared);
  const b = parseTaskDefinitionName(live);
  const same =
    a.family === b.family &&
    (a.revision === undefined || a.revision === b.revision) &&
    (a.owner === undefined || b.owner === undefined || a.owner === b.owner);
  return same ? 'same' : 'different';
}

/** A role is named by its ARN or, within the account, by its name (with its path); AWS prints the ARN. */
export function sameRole(declared: string, live: string): Sameness {
  if (declared === live) return 'same';
  const [long, short] = isArn(live) ? [live, declared] : [declared, live];
  if (!isArn(long) || isArn(short)) return 'different';
  const role = /:role\/(.+)$/.exec(long)?.[1] ?? '';
  const name = short.replace(/^\/+/, '');
  return role === name || role.endsWith(`/${name}`) ? 'same' : 'different';
}

/** A cluster or capacity provider by its ARN or its name: of two ARNs every part counts. */
export function sameByShortName(declared: string, live: string): Sameness {
  if (isArn(declared) && isArn(live)) return declared === live ? 'same' : 'different';
  return shortName(declared) === shortName(live) ? 'same' : 'different';
}

/** A Cloud Map namespace by its name or its ARN, which holds an id: only `names` can bring the two together. */
export function sameNamespace(declared: string, live: string, names: Names): Sameness {
  if (declared === live) return 'same';
  if (isArn(declared) === isArn(live)) return 'different';
  const [arn, name] = isArn(live) ? [live, declared] : [declared, live];
  const known = names.get(arn);
  if (known === undefined) return 'unknown';
  return known === name ? 'same' : 'different';
}

function isArn(text: string): boolean {
  return text.startsWith('arn:');
}

function shortName(text: string): string {
  return /^arn:(?:[^:]*:){4}[^/]+\/(.+)$/.exec(text)?.[1] ?? text;
}
