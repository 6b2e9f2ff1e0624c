/** What nobody declares, so that nobody takes the new value for drift of something declared. */
const ENUM_MEMBERS = ['healthStatus', 'connectivity', 'platformFamily'];

/** Maps with keys of the user's own: whatever stood in them would be one of those. */
const MAPS = ['Attributes', 'Targets', 'Status', 'options', 'dockerLabels', 'labels', 'driverOpts'];

/**
 * A copy of an answer as a later AWS may give it: every object has a member that no SDK knows, and the named members
 * hold a value that no SDK knows.
 */
export function withUnknowns(output: object, enumMembers: readonly string[] = ENUM_MEMBERS): object {
  const entries = Object.entries(output).map(([name, value]: [string, unknown]) => [
    name,
    enumMembers.includes(name) && typeof value === 'string' ? 'A_LATER_VALUE' : grown(name, value, enumMembers),
  ]);
  return { ...Object.fromEntries(entries), aLaterMember: { anything: ['at', 'all'] } };
}

function grown(name: string, value: unknown, enumMembers: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => grown(name, item, enumMembers));
  if (MAPS.includes(name) || typeof value !== 'object' || value === null || value instanceof Date) return value;
  return withUnknowns(value, enumMembers);
}
