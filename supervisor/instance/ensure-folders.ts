import { dirname } from 'node:path';

import { ensureFolder } from '../files/ensure-folder.ts';
import type { Account, Accounts } from '../machine/accounts.ts';
import type { InstancePaths } from './instance-paths.ts';

/**
 * Makes the instance's folders with the owners and modes that decide who reaches what. A folder of a socket belongs to the listener, its
 * group is the caller's, and the setgid bit hands that group to the socket: so the kernel decides who may call.
 */
export async function ensureFolders(paths: InstancePaths, options: FolderOptions): Promise<void> {
  const { accounts, edgeIds, operator: root } = options;
  const passable = 0o711;
  const closed = 0o700;
  const folders: readonly Folder[] = [
    { path: dirname(paths.home), mode: 0o755, account: root },
    { path: dirname(paths.run), mode: 0o755, account: root },
    { path: paths.home, mode: passable, account: root },
    { path: paths.run, mode: passable, account: root },
    { path: dirname(paths.configFile('')), mode: passable, account: root },
    { path: dirname(paths.logFile('')), mode: closed, account: root },
    { path: dirname(paths.recordFile('')), mode: closed, account: root },
    { path: paths.programs, mode: 0o755, account: root },
    { path: dirname(paths.migratedFile('')), mode: closed, account: root },
    { path: paths.databaseFolder, mode: closed, account: accounts.db },
    { path: paths.engineHome, mode: closed, account: root },
    { path: paths.engineRun, mode: closed, account: root },
    { path: paths.agentHome, mode: closed, account: root },
    { path: paths.controlHome, mode: closed, account: accounts.control },
    { path: dirname(paths.edgeKeyFile), mode: passable, account: root },
    ...edgeIds.map((edgeId) => ({ path: paths.edgeHome(edgeId), mode: closed, account: accounts.edge })),
    { path: paths.proberHome, mode: closed, account: accounts.prober },
    socketFolder(paths.databaseSocketFolder, accounts.db, accounts.control),
    socketFolder(dirname(paths.agentControlSocket), root, accounts.control),
    socketFolder(dirname(paths.agentProberSocket), root, accounts.prober),
    socketFolder(dirname(paths.controlEdgeSocket), accounts.control, accounts.edge),
    socketFolder(dirname(paths.controlApiSocket), accounts.control, accounts.edge),
    socketFolder(dirname(paths.proberSocket), accounts.prober, accounts.control),
    socketFolder(dirname(paths.injectorSocket), root, accounts.control),
    { path: dirname(paths.readyFile('')), mode: passable, account: root },
    ...options.readyFolders.map(({ program, account }) => ({
      path: dirname(paths.readyFile(program)),
      mode: closed,
      account: account ?? root,
    })),
  ];
  for (const { path, mode, account } of folders) await ensureFolder(path, { mode, account });
}

export type FolderOptions = {
  readonly accounts: Accounts;
  /** Who runs the supervisor: root, or anybody where nothing is claimed. */
  readonly operator: Account;
  readonly edgeIds: readonly string[];
  /** Each program makes its ready file in a folder of its own. */
  readonly readyFolders: readonly { readonly program: string; readonly account: Account | undefined }[];
};

type Folder = { readonly path: string; readonly mode: number; readonly account: Account };

function socketFolder(path: string, listener: Account, caller: Account): Folder {
  return { path, mode: 0o2710, account: { uid: listener.uid, gid: caller.gid } };
}
