import type { Account } from '../machine/accounts.ts';

/**
 * The same command, run as another user without any right but the named capabilities (setpriv(1)): no further groups, nothing to gain by
 * starting a setuid program, nothing beyond the named in the bounding set. The process is replaced, so its id stays.
 */
export function asAccount(command: readonly string[], options: AccountOptions): readonly string[] {
  const { account, capabilities = [] } = options;
  if (account === undefined) return command;
  const set = ['-all', ...capabilities.map((name) => `+${name}`)].join(',');
  return [
    'setpriv',
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--clear-groups',
    '--no-new-privs',
    `--inh-caps=${set}`,
    `--ambient-caps=${set}`,
    `--bounding-set=${set}`,
    '--',
    ...command,
  ];
}

export type AccountOptions = {
  /** Left out: the one who runs this. */
  readonly account?: Account | undefined;
  /** Without the prefix `cap_`. */
  readonly capabilities?: readonly string[];
};
