/**
 * Takes the sensitive values of a request out of a message: AWS's validation errors repeat what they refuse.
 * Sensitive is what the SDK's schemas mark so; in the requests that the operator makes that is a container's
 * `environment` and `repositoryCredentials`, which a test holds against the schemas.
 */
export function redact(message: string, input: object): string {
  let redacted = message;
  for (const secret of sensitiveValues(input)) redacted = redacted.replaceAll(secret, '***');
  return redacted;
}

/** The longest first, so that a value that is part of another does not leave the rest of it standing. */
function sensitiveValues(input: object): string[] {
  const found = new Set<string>();
  collect(input, false, found);
  return [...found].sort((a, b) => b.length - a.length);
}

const SENSITIVE_MEMBERS = new Set(['environment', 'repositoryCredentials']);

function collect(value: unknown, sensitive: boolean, found: Set<string>): void {
  if (typeof value === 'string') {
    // A short word or a plain number is no secret, and would make nonsense of AWS's sentence.
    if (sensitive && value.length >= 4 && !/^(true|false|\d{1,5})$/i.test(value)) found.add(value);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, sensitive, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      // A variable's name is not secret, and without it nobody finds the value that AWS refuses.
      if (sensitive && name === 'name') continue;
      collect(member, sensitive || SENSITIVE_MEMBERS.has(name), found);
    }
  }
}
