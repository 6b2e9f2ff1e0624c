import { type DestinationStream, type LoggerOptions, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../runtime/log.ts';

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'json' | 'pretty';
  /** Default: standard error, so that standard output stays a command's own. */
  readonly destination?: DestinationStream;
}

/** The log: one structured line per thing that matters. Values that look like credentials are not written. */
export function createLog({ level, format, destination }: LogOptions): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['*.secretAccessKey', '*.sessionToken', '*.token', '*.authorization', '*.password'],
      censor: '(redacted)',
    },
  };
  const stream = destination ?? (format === 'pretty' ? prettyStream() : pino.destination({ dest: 2, sync: true }));
  const logger = pino(options, stream);
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}

function prettyStream(): DestinationStream {
  return pretty({ colorize: process.stderr.isTTY === true, destination: 2, messageKey: 'message', sync: true });
}
