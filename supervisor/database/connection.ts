/** A connection string for the embedded database: its unix socket, where the kernel tells who calls and no password is asked for. */
export function socketConnection(socketFolder: string, role: string, database: string): string {
  return `postgresql://${role}@localhost/${database}?host=${encodeURIComponent(socketFolder)}`;
}

/** The same external database as another role with a password of its own. */
export function passwordConnection(
  databaseUrl: string,
  role: string,
  options: { readonly password: string; readonly database?: string },
): string {
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = options.password;
  if (options.database !== undefined) url.pathname = `/${options.database}`;
  return url.href;
}
