import { safeJson } from './escape-output.ts';

/** Where a command writes and whether a person sits before it. Text from outside goes through `safeLine` first. */
export type Terminal = {
  /** Results. A line end is added. */
  readonly print: (line: string) => void;
  /** Progress, notes and errors, which do not belong to the result. */
  readonly note: (line: string) => void;
  /** A result as JSON. */
  readonly printJson: (value: unknown) => void;
  /** A line of progress that the next one replaces; nothing where nobody watches. The empty text takes it away. */
  readonly progress: (line: string) => void;
  readonly isInteractive: boolean;
  readonly paint: (style: Style, text: string) => string;
};

export type Style = keyof typeof styles;

export type TerminalStreams = {
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** A person can be asked. */
  readonly isInteractive: boolean;
  /** Error output is a terminal, so that a line can be rewritten. */
  readonly isLive: boolean;
  readonly useColor: boolean;
};

/** Makes a terminal over plain write functions. */
export function createTerminal(streams: TerminalStreams): Terminal {
  let isProgressShown = false;
  const clear = (): void => {
    if (isProgressShown) streams.writeError('\r\u001b[2K');
    isProgressShown = false;
  };
  const print = (line: string): void => {
    clear();
    streams.writeOut(`${line}\n`);
  };
  return {
    print,
    note: (line) => {
      clear();
      streams.writeError(`${line}\n`);
    },
    printJson: (value) => print(safeJson(value, 2)),
    progress: (line) => {
      clear();
      if (!streams.isLive || line === '') return;
      streams.writeError(line);
      isProgressShown = true;
    },
    isInteractive: streams.isInteractive,
    paint: (style, text) => (streams.useColor ? `\u001b[${styles[style]}m${text}\u001b[0m` : text),
  };
}

/** Select Graphic Rendition parameters (ECMA-48 §8.3.117). */
const styles = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const;
