import { createProject } from './create-project.ts';
import { deleteProject } from './delete-project.ts';
import { listProjects } from './list-projects.ts';

/** The handlers of projects. */
export const projectHandlers = { createProject, listProjects, deleteProject };
