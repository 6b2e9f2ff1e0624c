const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;

const LABEL_EXPRESSION = new RegExp(`^${DNS_LABEL}$`);
const SUBDOMAIN_EXPRESSION = new RegExp(`^${DNS_SUBDOMAIN}$`);
const QUALIFIED_EXPRESSION = new RegExp(`^${QUALIFIED}$`);
const LABEL_VALUE_EXPRESSION = new RegExp(`^${LABEL_VALUE}$`);

function mustMatch(what: string, expression: string, examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${what} (e.g. ${shown}regex used for validation is '${expression}')`;
}

function atMost(length: number): string {
  return `must be no more than ${length} characters`;
}

/** What is wrong with a name of most kinds (k8s.io/apimachinery, pkg/util/validation). */
export function subdomainErrors(name: string): readonly string[] {
  const errors = name.length > 253 ? [atMost(253)] : [];
  if (SUBDOMAIN_EXPRESSION.test(name)) return errors;
  const what =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...errors, mustMatch(what, DNS_SUBDOMAIN, ['example.com'])];
}

/** What is wrong with the name of a namespace. */
export function labelErrors(name: string): readonly string[] {
  const errors = name.length > 63 ? [atMost(63)] : [];
  if (LABEL_EXPRESSION.test(name)) return errors;
  const what =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...errors, mustMatch(what, DNS_LABEL, ['my-name', '123-abc'])];
}

const QUALIFIED_WHAT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const QUALIFIED_EXAMPLES = ['MyName', 'my.name', '123-abc'];

/** What is wrong with a key of labels or annotations, or with a finalizer. */
export function qualifiedNameErrors(value: string): readonly string[] {
  const parts = value.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) {
    const what = mustMatch(`a qualified name ${QUALIFIED_WHAT}`, QUALIFIED, QUALIFIED_EXAMPLES);
    return [`${what} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  const name = second ?? first;
  if (second !== undefined) {
    const wrong = first === '' ? ['must be non-empty'] : subdomainErrors(first);
    errors.push(...wrong.map((message) => `prefix part ${message}`));
  }
  if (name === '') errors.push('name part must be non-empty');
  else if (name.length > 63) errors.push(`name part ${atMost(63)}`);
  if (!QUALIFIED_EXPRESSION.test(name)) {
    errors.push(`name part ${mustMatch(QUALIFIED_WHAT, QUALIFIED, QUALIFIED_EXAMPLES)}`);
  }
  return errors;
}

export function labelValueErrors(value: string): readonly string[] {
  const errors = value.length > 63 ? [atMost(63)] : [];
  if (LABEL_VALUE_EXPRESSION.test(value)) return errors;
  const what =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...errors, mustMatch(what, LABEL_VALUE, ['MyValue', 'my_value', '12345'])];
}

/** What keeps a name from standing in a path. */
export function pathSegmentErrors(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}
