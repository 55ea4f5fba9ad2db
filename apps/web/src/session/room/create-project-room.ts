import { type ProjectSnapshot, RefusedError, refuse } from '@mixdown/contract';
import { createRoom } from '@mixdown/core/room/create-room';
import { catalogEntry, theApp } from '../app.ts';
import { useUi } from '../stores/ui-store.ts';
import { connectSocket } from './browser-socket.ts';
import { createRoomHost, type RoomHost, type RoomHostDeps } from './room-host.ts';

/** The room of a project on this page's own server, in the name of whoever is signed in. */
export function createProjectRoom(
  snapshot: ProjectSnapshot,
  o: Pick<RoomHostDeps, 'self' | 'catchUp' | 'setTimer'> & {
    trackOf(pluginId: string): string | undefined;
  },
): RoomHost {
  const { self, setTimer } = o;
  const { client, auth } = theApp();
  return createRoomHost({
    ...o,
    snapshot,
    createRoom,
    now: () => performance.now(),
    clock: { now: () => performance.now(), setTimer },
    random: Math.random,
    connect: connectSocket,
    async token() {
      const token = await auth.token();
      if (token === null) throw refuse('token_invalid', 'Nobody is signed in.');
      return token;
    },
    renew: () => auth.renew(),
    async read() {
      try {
        return await client.project(snapshot.project.id);
      } catch (error) {
        if (error instanceof RefusedError) throw error;
        return null;
      }
    },
    async isClient() {
      const members = await client.members(snapshot.project.id).catch(() => []);
      return members.some((member) => member.userId === self.userId && member.role === 'client');
    },
    entryOf: catalogEntry,
    focus(pluginId) {
      const trackId = o.trackOf(pluginId);
      if (trackId) useUi.setState({ selectedTrackId: trackId, selectedPluginId: pluginId });
    },
  });
}
