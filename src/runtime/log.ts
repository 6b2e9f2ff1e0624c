/** What a log line is about, besides its message: `{ kind, namespace, name, error, … }`. Never credentials. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log as the machinery writes it; implemented by telemetry. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
