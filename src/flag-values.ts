import { InvalidArgumentError } from 'commander';

/** Where to listen. */
export interface ListenAddress {
  /** Empty: every address. */
  readonly host: string;
  readonly port: number;
}

/** @throws InvalidArgumentError */
export function truth(text: string): boolean {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  throw new InvalidArgumentError('true or false is needed.');
}

/** The name of a namespace. @throws InvalidArgumentError */
export function namespace(text: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) {
    throw new InvalidArgumentError(`"${text}" is not the name of a namespace.`);
  }
  return text;
}

/** Adds to what earlier flags gave; the default is empty. */
export function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, ...text.split(',').map((name) => namespace(name.trim()))];
}

/** Patterns of namespaces, separated by commas. @throws InvalidArgumentError */
export function patterns(text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  const bad = parts.find((part) => !/^[a-z0-9*-]*$/.test(part));
  if (bad !== undefined) throw new InvalidArgumentError(`"${bad}" fits no namespace; * stands for any text.`);
  // Nothing between the commas: nobody may.
  return parts.filter((part) => part !== '');
}

/** Kubernetes' syntax of label selectors, each requirement by itself. The API server has the last word. */
export function selector(text: string): string {
  const label = '([\\w.-]+/)?[\\w.-]+';
  const requirement = new RegExp(
    `^(!?${label}|${label}\\s*(=|==|!=)\\s*[\\w.-]*|${label}\\s+(in|notin)\\s*\\([^()]*\\))$`,
  );
  const bad = text.split(/,(?![^(]*\))/).find((part) => !requirement.test(part.trim()));
  if (bad !== undefined) {
    throw new InvalidArgumentError(`"${bad.trim()}" is no label selector; they look like team=web,tier!=test.`);
  }
  return text;
}

/** @throws InvalidArgumentError */
export function region(text: string): string {
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) {
    throw new InvalidArgumentError('An AWS region looks like eu-central-1.');
  }
  return text;
}

/** @throws InvalidArgumentError */
export function url(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('A URL is needed, e.g. http://localhost:4566.');
  }
  return text;
}

/** Fit to be the value of a tag. @throws InvalidArgumentError */
export function installationId(text: string): string {
  // It becomes a tag's value.
  if (!/^[\w.:/=+@-]{1,128}$/.test(text)) {
    throw new InvalidArgumentError('At most 128 letters, digits and _.:/=+@- are allowed.');
  }
  return text;
}

/** Reads whole numbers from `least` on. The reader throws InvalidArgumentError. */
export function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`A whole number of at least ${least} is needed.`);
    }
    return value;
  };
}

/** A number from 0 on. @throws InvalidArgumentError */
export function factor(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('A number is needed, e.g. 1 or 0.5; 0 for no limit.');
  }
  return value;
}

/** What Node's timers can do: a longer one would fire at once. */
const LONGEST_MS = 24 * 24 * 3_600_000;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration as Go writes it: `30s`, `5m`, `1h30m`, `500ms`, `0`. @returns milliseconds @throws InvalidArgumentError */
export function duration(text: string): number {
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    throw new InvalidArgumentError('A duration is needed, e.g. 30s, 5m or 1h30m.');
  }
  let ms = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    ms += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  if (ms > LONGEST_MS) throw new InvalidArgumentError('At most 576h are possible.');
  return Math.round(ms);
}

/** `:8080`, `127.0.0.1:8080`, `[::1]:8080`; `0` or nothing for none. @throws InvalidArgumentError */
export function address(text: string): ListenAddress | 'none' {
  if (text === '0' || text === '') return 'none';
  const [, bracketed, plain = '', port = ''] = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text) ?? [];
  const number = Number(port);
  if (port === '' || number > 65_535) {
    throw new InvalidArgumentError('An address is needed, e.g. :8080 or 127.0.0.1:8080; 0 for none.');
  }
  return { host: bracketed ?? plain, port: number };
}
