/** Longest of AWS's words that status keeps; the CRD's schema takes as much. */
const LONGEST_REASON = 1024;

/** A text cut to `max` characters. */
export function clip(text: string, max = LONGEST_REASON): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
