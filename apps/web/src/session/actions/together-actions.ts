import { theProject } from '../open-project.ts';

/** Asks whoever holds a plugin to let go of it. */
export const requestControl = (pluginId: string): void => theProject().room.request(pluginId);

/** Takes a plugin from whoever holds it; for owners and admins. */
export const takeOver = (pluginId: string): void => theProject().room.takeOver(pluginId);

/** Answers somebody who would like to edit what one holds. */
export const answerAsk = (pluginId: string, session: string, allow: boolean): void =>
  theProject().room.answer(pluginId, session, allow);

/** Tries again at once to be in the room. */
export const rejoin = (): void => theProject().room.retry();
