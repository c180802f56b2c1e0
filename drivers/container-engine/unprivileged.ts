/** The part of a command that gives up every right for good before the program after it starts (setpriv(1)). */
export function unprivileged(nobody: { readonly uid: number; readonly gid: number }): readonly string[] {
  return [
    'setpriv',
    `--reuid=${nobody.uid}`,
    `--regid=${nobody.gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--inh-caps=-all',
    '--bounding-set=-all',
    '--',
  ];
}
