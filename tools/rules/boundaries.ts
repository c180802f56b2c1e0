import { posix } from 'node:path';
import { findRoom, isBuiltinAllowed, rooms, testPackages } from '../boundaries.ts';
import type { Room } from '../boundaries.ts';
import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import { isTest, isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';
import { listImports } from '../syntax.ts';

/**
 * Refuses imports that the table of rooms does not list, imports that leave a room by a relative path, that name a
 * file which is not there, or that are computed, so that nobody can see where they lead.
 */
export function checkBoundaries(files: readonly SourceFile[]): readonly Finding[] {
  const paths = new Set(files.map((file) => file.path));
  return files
    .filter((file) => isTypeScript(file.path) && file.path.includes('/'))
    .flatMap((file) => {
      const room = findRoom(file.path);
      if (room === undefined) return [finding(file, 0, 'lies in no room; add the room to tools/boundaries.ts')];
      return listImports(file).flatMap((reference) => {
        const message = refuse({ room, file, specifier: reference.specifier, paths });
        return message === undefined ? [] : [finding(file, lineAt(file.text, reference.offset), message)];
      });
    });
}

type Question = {
  readonly room: Room;
  readonly file: SourceFile;
  readonly specifier: string | undefined;
  readonly paths: ReadonlySet<string>;
};

function refuse({ room, file, specifier, paths }: Question): string | undefined {
  if (specifier === undefined)
    return room.name === 'tools' ? undefined : 'computes what it imports; write the path out';
  if (specifier.startsWith('.')) return refuseRelative({ room, file, specifier, paths });
  if (specifier.startsWith('@ringfort/')) return refuseRoom(room, specifier, paths);
  if (specifier.startsWith('node:')) return refuseBuiltin(room, file, specifier.slice('node:'.length));
  const name = packageName(specifier);
  if (room.packages.includes(name) || (isTest(file.path) && testPackages.includes(name))) return undefined;
  return `${room.name} may not import the package ${name}`;
}

function refuseRelative({
  room,
  file,
  specifier,
  paths,
}: Question & { readonly specifier: string }): string | undefined {
  const target = posix.join(posix.dirname(file.path), specifier);
  if (!target.startsWith(`${room.name}/`)) return `leaves ${room.name} by the relative path ${specifier}`;
  return paths.has(target) ? undefined : `imports ${specifier}, which is not there`;
}

function refuseRoom(room: Room, specifier: string, paths: ReadonlySet<string>): string | undefined {
  const target = specifier.slice('@ringfort/'.length);
  const other = target.split('/')[0] ?? target;
  if (other === room.name) return `imports its own room by name; write a relative path instead of ${specifier}`;
  if (!room.imports.includes(other)) return `${room.name} may not import ${other}`;
  if (!rooms.some((known) => known.name === other)) return `there is no room ${other}`;
  return paths.has(target) ? undefined : `imports ${specifier}, which is not there`;
}

function refuseBuiltin(room: Room, file: SourceFile, builtin: string): string | undefined {
  if (isTest(file.path) || isBuiltinAllowed(room, builtin)) return undefined;
  return `${room.name} may not import node:${builtin}`;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function finding(file: SourceFile, line: number, message: string): Finding {
  return { rule: 'boundaries', path: file.path, line, message };
}
