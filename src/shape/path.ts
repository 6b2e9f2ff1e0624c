/**
 * Where a value stands inside a spec, readable and stable: `networkConfiguration.awsvpcConfiguration.subnets`,
 * `containerDefinitions[name=web].image`, `tags[key=team]`, `logConfiguration.options[awslogs-group]`.
 */
export type Path = readonly Segment[];

export type Segment =
  | { readonly type: 'member'; readonly name: string }
  /** The item of a list whose member `key` is `value`: `[name=web]`. */
  | { readonly type: 'item'; readonly key: string; readonly value: string }
  /** The entry of a map: `[awslogs-group]`. */
  | { readonly type: 'entry'; readonly key: string };

const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;
// What neither ends the bracket nor looks like a quoted text; an entry's key may not look like an item's either.
const PLAIN_VALUE = /^[^\]"\\\p{Cc}]+$/u;
const PLAIN_ENTRY = /^[^\]"\\=\p{Cc}]+$/u;

/** The text of a path; `parsePath` reads it back. */
export function formatPath(path: Path): string {
  return path.reduce(appendSegment, '');
}

/** The text of a path one step deeper. */
export function appendSegment(text: string, segment: Segment): string {
  switch (segment.type) {
    case 'member':
      if (!PLAIN_NAME.test(segment.name)) return `${text}[${JSON.stringify(segment.name)}]`;
      return text === '' ? segment.name : `${text}.${segment.name}`;
    case 'item':
      return `${text}[${segment.key}=${quoteUnless(PLAIN_VALUE, segment.value)}]`;
    case 'entry':
      return `${text}[${quoteUnless(PLAIN_ENTRY, segment.key)}]`;
    default:
      return segment satisfies never;
  }
}

function quoteUnless(plain: RegExp, text: string): string {
  return plain.test(text) ? text : JSON.stringify(text);
}

/** @throws SyntaxError when the text is not a path that `formatPath` makes. */
export function parsePath(text: string): Path {
  const path: Segment[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    at += match[0].length;
    return match;
  };
  while (at < text.length) {
    const member = take(path.length === 0 ? /([A-Za-z_$][\w$]*)/y : /\.([A-Za-z_$][\w$]*)/y);
    if (member !== undefined) {
      path.push({ type: 'member', name: member[1] ?? '' });
      continue;
    }
    const item = take(/\[([A-Za-z_$][\w$]*)=("(?:[^"\\]|\\.)*"|[^\]"\\]+)\]/y);
    if (item !== undefined) {
      path.push({ type: 'item', key: item[1] ?? '', value: unquote(item[2] ?? '', text) });
      continue;
    }
    const entry = take(/\[("(?:[^"\\]|\\.)*"|[^\]"\\=]+)\]/y);
    if (entry === undefined) throw new SyntaxError(`not a path of a spec at character ${at}: ${text}`);
    path.push({ type: 'entry', key: unquote(entry[1] ?? '', text) });
  }
  return path;
}

function unquote(value: string, path: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch (error) {
    throw new SyntaxError(`not a path of a spec, ${value} is not a quoted text: ${path}`, { cause: error });
  }
}

/** Whether `path` is `prefix` or something inside it: `a.b` and `a[key=x]` are within `a`, `ab` is not. */
export function isWithin(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  const next = path.charAt(prefix.length);
  return next === '' || next === '.' || next === '[';
}
