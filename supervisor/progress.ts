import type { Clock } from '@ringfort/kit/clock.ts';

/** Tells whoever waits what is done now. A step's title is a noun phrase; `report` shows the newest detail of a long one. */
export type Progress = {
  readonly step: <T>(title: string, work: (report: (detail: string) => void) => Promise<T>) => Promise<T>;
  readonly note: (line: string) => void;
};

/**
 * On a terminal one line is kept up to date; elsewhere only whole lines are written: a step's end, and its beginning when it takes more
 * than two seconds.
 */
export function createProgress(output: ProgressOutput): Progress {
  const { write, clock } = output;
  const clear = output.isTerminal ? '\r\u001b[K' : '';
  const paint = (color: number, text: string): string =>
    output.isTerminal ? `\u001b[${color}m${text}\u001b[0m` : text;
  const seconds = (startMs: number): string => `${((clock.nowMs() - startMs) / 1_000).toFixed(1)} s`;
  return {
    note: (line) => write(`${clear}  ${line}\n`),
    step: async (title, work) => {
      const startMs = clock.nowMs();
      const report = (detail: string): void => {
        if (output.isTerminal) write(`${clear}${fit(`… ${title}  ${printable(detail)}`, output.columns())}`);
      };
      const late = setTimeout(() => (output.isTerminal ? undefined : write(`… ${title}\n`)), lateMs);
      report('');
      try {
        const result = await work(report);
        write(`${clear}${paint(32, '✓')} ${title} (${seconds(startMs)})\n`);
        return result;
      } catch (error) {
        write(`${clear}${paint(31, '✗')} ${title} (${seconds(startMs)})\n`);
        throw error;
      } finally {
        clearTimeout(late);
      }
    },
  };
}

export type ProgressOutput = {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly columns: () => number;
  readonly clock: Clock;
};

const lateMs = 2_000;

function fit(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}

/** What other programs print may hold control sequences for terminals. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
