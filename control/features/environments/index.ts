import { createEnvironment, type NewEnvironmentPlace } from './create-environment.ts';
import { deleteEnvironment } from './delete-environment.ts';
import { listEnvironments } from './list-environments.ts';
import { readEnvironment } from './read-environment.ts';

/** The handlers of environments; `place` says where new ones run and how all are reached. */
export function environmentHandlers(place: NewEnvironmentPlace) {
  return {
    createEnvironment: createEnvironment(place),
    listEnvironments: listEnvironments(place),
    readEnvironment: readEnvironment(place),
    deleteEnvironment,
  };
}
