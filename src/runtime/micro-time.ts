/** An instant as Kubernetes' MicroTime wants it: RFC 3339 with exactly six digits, UTC. */
export function kubeMicroTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
