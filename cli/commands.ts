import type { Command } from './command.ts';
import { command as auditList } from './commands/audit-list.ts';
import { command as deploy } from './commands/deploy.ts';
import { command as domainAdd } from './commands/domain-add.ts';
import { command as domainList } from './commands/domain-list.ts';
import { command as domainRemove } from './commands/domain-remove.ts';
import { command as domainVerify } from './commands/domain-verify.ts';
import { command as down } from './commands/down.ts';
import { command as environmentCreate } from './commands/environment-create.ts';
import { command as environmentDelete } from './commands/environment-delete.ts';
import { command as environmentList } from './commands/environment-list.ts';
import { command as logs } from './commands/logs.ts';
import { command as me } from './commands/me.ts';
import { command as open } from './commands/open.ts';
import { command as projectCreate } from './commands/project-create.ts';
import { command as projectDelete } from './commands/project-delete.ts';
import { command as projectList } from './commands/project-list.ts';
import { command as releases } from './commands/releases.ts';
import { command as rollback } from './commands/rollback.ts';
import { command as status } from './commands/status.ts';
import { command as test } from './commands/test.ts';
import { command as tokenCreate } from './commands/token-create.ts';
import { command as tokenList } from './commands/token-list.ts';
import { command as tokenRevoke } from './commands/token-revoke.ts';
import { command as up } from './commands/up.ts';
import { command as verify } from './commands/verify.ts';
import { command as workspaceCreate } from './commands/workspace-create.ts';
import { command as workspaceList } from './commands/workspace-list.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  deploy,
  status,
  logs,
  releases,
  rollback,
  open,
  verify,
  up,
  down,
  test,
  projectCreate,
  projectList,
  projectDelete,
  environmentCreate,
  environmentList,
  environmentDelete,
  workspaceCreate,
  workspaceList,
  domainAdd,
  domainVerify,
  domainList,
  domainRemove,
  tokenCreate,
  tokenList,
  tokenRevoke,
  auditList,
  me,
];
