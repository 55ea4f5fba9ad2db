import type { CatalogEntry, Presence, ProjectSnapshot } from '@mixdown/contract';
import type { Room, RoomDeps, RoomEvents } from '@mixdown/core/room/room';
import type { ProjectSession } from '../project-session.ts';
import { announce } from '../stores/announcer.ts';
import { useOpenProject } from '../stores/session-store.ts';
import { toast } from '../stores/toasts.ts';
import { type ControlDeps, createControl } from './control.ts';
import { droppedWords } from './dropped-words.ts';
import { followSelection } from './look.ts';
import { holderOf, properName } from './people.ts';
import { createRoomLink, type RoomLinkDeps } from './room-link.ts';
import { NO_ROOM, setLock, setMoving, setPeople, useRoom } from './room-store.ts';
import type { SessionRoom } from './session-room.ts';

export interface RoomHostDeps
  extends Pick<RoomLinkDeps, 'read' | 'catchUp' | 'isClient' | 'renew' | 'setTimer'>,
    Pick<RoomDeps, 'clock' | 'random' | 'connect' | 'token'>,
    Pick<ControlDeps, 'focus' | 'now'> {
  createRoom(deps: RoomDeps): Room;
  readonly snapshot: ProjectSnapshot;
  readonly self: { readonly session: string; readonly userId: string };
  entryOf(catalogId: string): CatalogEntry | undefined;
}

/** The room of the open project, with everything that it feeds: the project, the stores, and what people are told. */
export function createRoomHost(deps: RoomHostDeps) {
  const projectId = deps.snapshot.project.id;
  const { epoch, seq } = deps.snapshot.project;
  let session: ProjectSession | null = null;
  let unfollowSelection: (() => void) | null = null;
  /** Who changed a plugin last, to name them when an edit of ours had to give way. */
  const lastActor = new Map<string, string>();

  /** What plugins are that one has edited: they keep their name when they are gone. */
  const edited = new Map<string, string>();

  const slotOf = (pluginId: string) => session?.state().plugins[pluginId];
  const catalogIdOf = (pluginId: string) =>
    slotOf(pluginId)?.catalogId ?? edited.get(pluginId) ?? '';
  const entryOfPlugin = (pluginId: string) => deps.entryOf(catalogIdOf(pluginId));
  const nameOf = (pluginId: string) =>
    entryOfPlugin(pluginId)?.name ?? (catalogIdOf(pluginId) || 'the effect');
  const control = createControl({ ...deps, nameOf, room: () => link.room() });

  const nameOfUser = (userId: string | undefined): string | null => {
    const known = Object.values(useRoom.getState().known).find((p) => p.userId === userId);
    return known && userId !== deps.self.userId ? properName(known.name) : null;
  };

  function tellPresence(before: readonly Presence[], now: readonly Presence[]): void {
    const users = (list: readonly Presence[]) => new Set(list.map((p) => p.userId));
    const [was, is] = [users(before), users(now)];
    for (const p of now)
      if (!was.has(p.userId) && p.userId !== deps.self.userId)
        announce(`${properName(p.name)} is here`);
    for (const p of before) if (!is.has(p.userId)) announce(`${properName(p.name)} has left`);
  }

  const roomEvents: Omit<RoomEvents, 'status' | 'operation' | 'snapshot'> = {
    values: (pluginId, params) => session?.values(pluginId, params),
    lock(pluginId, lock) {
      const held = useRoom.getState().locks[pluginId]?.mine === true;
      setLock(pluginId, lock);
      control.changed(pluginId, held);
    },
    moving: setMoving,
    asked: control.asked,
    kept: control.kept,
    presence(people) {
      const { people: before, mode } = useRoom.getState();
      setPeople(people);
      if (mode === 'live' && before.length) tellPresence(before, people);
    },
    dropped({ pluginId, params, why, holder }) {
      const pluginName = nameOf(pluginId);
      const entry = entryOfPlugin(pluginId);
      session?.dropped(pluginId, params);
      const who = holder ? properName(holder.name) : nameOfUser(lastActor.get(pluginId));
      const now = slotOf(pluginId)?.params ?? {};
      const words = droppedWords({ why, params, now, entry, pluginName, who });
      toast({ tone: 'warning', durationMs: 15_000, ...words });
      announce(`${words.title}. ${words.detail}`);
    },
    lockRefused: control.refused,
    unsaved: (unsaved) => useRoom.setState({ unsaved }),
    role(role) {
      const open = useOpenProject.getState().state;
      if (open && open.role !== role) session?.setRole(role);
    },
  };

  const link = createRoomLink(
    {
      ...deps,
      onMode(mode, ended) {
        const there = mode === 'live' || mode === 'reconnecting';
        useRoom.setState({
          mode,
          ended,
          ...(!there && { people: [], locks: {}, asks: [] }),
          ...(mode !== 'live' && { moving: {} }),
        });
        if (mode === 'alone')
          toast({
            tone: 'info',
            title: 'You work alone for now',
            detail:
              'The live connection is blocked on the way. Your edits are saved, and others’ appear every few seconds.',
          });
      },
      createRoom: (from) =>
        deps.createRoom({
          ...deps,
          projectId,
          session: deps.self.session,
          start: {
            epoch,
            seq: from,
            plugins: from < 0 ? [] : Object.values(session?.state().plugins ?? {}),
          },
          parameterOf: (catalogId, paramId) =>
            deps.entryOf(catalogId)?.parameters.find((p) => p.id === paramId),
          events: {
            ...roomEvents,
            status: (status, reason) => link.status(status, reason),
            operation(op) {
              const { payload } = op;
              if ('pluginId' in payload && op.actor) lastActor.set(payload.pluginId, op.actor);
              link.operation(op);
            },
            snapshot: (snapshot) => link.snapshot(snapshot),
          },
        }),
    },
    seq,
  );

  const sessionRoom: SessionRoom = {
    following: () => link.following(),
    takes: (pluginId) => link.following() && entryOfPlugin(pluginId) !== undefined,
    setParams(pluginId, params, o) {
      control.edited(pluginId);
      edited.set(pluginId, catalogIdOf(pluginId));
      link.room()?.setParams(pluginId, params, o);
    },
    visible: (pluginId) => link.room()?.visible(pluginId) ?? {},
    heldBy: (pluginId) => holderOf(useRoom.getState(), pluginId)?.words ?? null,
  };

  return {
    sessionRoom,
    perform: link.perform,
    retry: link.retry,
    hide: link.hide,
    leave: link.leave,
    request: control.request,
    takeOver: control.takeOver,
    answer: control.answer,
    start(opened: ProjectSession): void {
      session = opened;
      useRoom.setState({ ...NO_ROOM, self: deps.self });
      link.start(opened);
      unfollowSelection = followSelection((focus) => link.room()?.look(focus), deps.setTimer);
    },
    close(): void {
      unfollowSelection?.();
      control.close();
      link.close();
      useRoom.setState(NO_ROOM);
    },
  };
}
export type RoomHost = ReturnType<typeof createRoomHost>;
