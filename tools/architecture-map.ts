import { rooms } from './boundaries.ts';
import type { Room } from './boundaries.ts';

/** The table of rooms for `docs/architecture.md`: what each is for and what it may import. */
export function renderArchitectureMap(): string {
  const rows = rooms.map((room) => [
    `\`${room.name}/\``,
    room.purpose,
    listOf(room.imports),
    listOf(room.packages),
    modulesOf(room),
  ]);
  const table = [
    ['room', 'what it is for', 'imports the rooms', 'npm packages', "Node's modules"],
    ['---', '---', '---', '---', '---'],
    ...rows,
  ];
  return table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function modulesOf(room: Room): string {
  if (room.builtins === 'any') return 'all';
  return room.builtins === 'no-processes' ? 'all but those that start processes' : listOf(room.builtins);
}
