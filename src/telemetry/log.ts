import { type DestinationStream, type LoggerOptions, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Log, LogFields } from '../runtime/log.ts';
import { presentable } from './presentable.ts';

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /** One JSON object per line for machines, or lines for people. */
  readonly format: 'json' | 'pretty';
  /** Default: standard error, so that standard output stays a command's own. */
  readonly destination?: DestinationStream;
}

/** The log: one structured line per thing that matters. Values that look like credentials are not written. */
export function createLog(options: LogOptions): Log {
  const settings: LoggerOptions = {
    level: options.level,
    // Which process it was, the pod's own metadata says.
    base: null,
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const logger = pino(settings, streamOf(options));
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      if (logger.isLevelEnabled(level)) logger[level](presentable(fields), message);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

function streamOf({ format, destination }: LogOptions): DestinationStream {
  // Written at once: the last line before a crash is the one that is looked for.
  const to = destination ?? pino.destination({ dest: 2, sync: true });
  if (format === 'json') return to;
  const prettify = prettyFactory({
    colorize: destination === undefined && process.stderr.isTTY === true,
    messageKey: 'message',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  });
  return { write: (line) => to.write(prettify(line)) };
}
