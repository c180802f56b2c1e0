import type { Clock } from './clock.ts';
import { redact } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/** A program's own log: one JSON object a line. Field values under secret-sounding names are replaced before they are written. */
export type Log = {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
  readonly child: (fields: LogFields) => Log;
};

/** Makes a log. `write` gets whole lines, each with its line end; `clock` gives the time. */
export function createLog(options: LogOptions): Log {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) =>
    options.write(`${line(options, { level, message, fields })}\n`);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => createLog({ ...options, fields: { ...options.fields, ...fields } }),
  };
}

export type LogOptions = {
  readonly program: string;
  readonly clock: Clock;
  readonly write: (line: string) => void;
  readonly fields?: LogFields;
};

type Entry = { readonly level: LogLevel; readonly message: string; readonly fields: LogFields | undefined };

function line(options: LogOptions, entry: Entry): string {
  const at = new Date(options.clock.nowMs()).toISOString();
  const fields = redact({ ...options.fields, ...entry.fields });
  return JSON.stringify({ at, level: entry.level, program: options.program, message: entry.message, ...fields });
}
