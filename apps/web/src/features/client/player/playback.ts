import { createStore } from 'zustand/vanilla';
import { createDeck, type Deck, type DeckState } from './deck.ts';
import { matchLevels } from './match-levels.ts';
import type { Channel, Mixer } from './mixer.ts';

/** Decks that are not heard may be this far off, in seconds; the one that is switched to, hardly at all. */
const DRIFT = 0.08;
const SWITCH_DRIFT = 0.015;
const TICK_MS = 250;

const dbToGain = (db: number): number => 10 ** (db / 20);

export interface Version {
  readonly id: string;
  readonly seconds: number;
  readonly integratedLufs: number | null;
  readonly playable: boolean;
}

export interface PlaybackState {
  /** The version that is heard. */
  readonly activeId: string | null;
  readonly playing: boolean;
  /** Seconds, common to all versions. */
  readonly position: number;
  /** Of the longest. */
  readonly seconds: number;
  readonly equalLoudness: boolean;
  /** 0…1 */
  readonly volume: number;
  readonly decks: Readonly<Record<string, DeckState>>;
  /** By version: dB by which it is turned down to match, null = unknown loudness. */
  readonly matchDb: Readonly<Record<string, number | null>>;
}

export interface PlaybackDeps {
  createMedia(): HTMLMediaElement;
  readonly mixer: Mixer;
  mint(id: string): Promise<{ url: string; expiresAt: number }>;
  now(): number;
  every(run: () => void, ms: number): () => void;
}

interface Loaded {
  readonly version: Version;
  readonly deck: Deck;
  channel: Channel | null;
}

/** Volume stays as it was set, from one player to the next. */
let volume = 1;
/** One plays at a time. */
let sounding: { pause(): void } | null = null;

/** One transport for one or more versions: all run in step, one is heard. */
export function createPlayback(deps: PlaybackDeps) {
  let loaded: readonly Loaded[] = [];
  let stopTicking: (() => void) | null = null;
  const store = createStore<PlaybackState>()(() => ({
    activeId: null,
    playing: false,
    position: 0,
    seconds: 0,
    equalLoudness: true,
    volume,
    decks: {},
    matchDb: {},
  }));
  const { getState, setState } = store;
  const active = () => loaded.find(({ version }) => version.id === getState().activeId);
  /** Whose time counts: that of what is heard, or of what still plays when that has come to its end. */
  const clock = () => {
    const heard = active();
    return heard?.deck.isLive() ? heard : loaded.find(({ deck }) => deck.isLive());
  };

  function setGains(): void {
    const { activeId, equalLoudness, matchDb } = getState();
    for (const { version, channel } of loaded) {
      const db = (equalLoudness && matchDb[version.id]) || 0;
      channel?.setGain(version.id === activeId ? volume * dbToGain(db) : 0);
    }
  }

  function onDeck(): void {
    const decks = Object.fromEntries(loaded.map(({ version, deck }) => [version.id, deck.state()]));
    setState({ decks });
    if (getState().playing && !clock()) {
      const ended = loaded.some(({ deck }) => deck.media.ended);
      if (ended) setState({ position: getState().seconds });
      stop();
    }
  }

  function tick(): void {
    for (const { deck } of loaded) void deck.nudge();
    const leader = clock();
    if (!leader) return;
    const { currentTime, readyState } = leader.deck.media;
    if (readyState === 0) return;
    const position = leader.deck.media.seeking ? leader.deck.position() : currentTime;
    setState({ position });
    for (const { deck, version } of loaded) {
      if (deck !== leader.deck && deck.isLive() && position < version.seconds) {
        deck.align(position, DRIFT);
      }
    }
  }

  function stop(): void {
    stopTicking?.();
    stopTicking = null;
    for (const { deck } of loaded) deck.pause();
    if (getState().playing) setState({ playing: false });
  }

  function begin({ deck, version }: Loaded, at: number): void {
    if (at < version.seconds) void deck.play(at);
  }

  const api = {
    store,
    media: (id: string) => loaded.find(({ version }) => version.id === id)?.deck.media ?? null,
    /** What is there stays as it is; what is new joins in. */
    setVersions(versions: readonly Version[]): void {
      const { playing, position, activeId } = getState();
      const kept = new Set(versions.map(({ id }) => id));
      for (const { version, deck, channel } of loaded) {
        if (kept.has(version.id)) continue;
        deck.close();
        channel?.close();
      }
      const known = new Map(loaded.map((one) => [one.version.id, one]));
      loaded = versions.map((version): Loaded => {
        const there = known.get(version.id);
        if (there) return { ...there, version };
        const deck = createDeck({
          media: deps.createMedia(),
          playable: version.playable,
          mint: () => deps.mint(version.id),
          now: deps.now,
          onChange: onDeck,
        });
        return { version, deck, channel: null };
      });
      const seconds = Math.max(0, ...versions.map((v) => v.seconds));
      const levels = matchLevels(versions.map((v) => v.integratedLufs));
      setState({
        activeId: activeId && kept.has(activeId) ? activeId : (versions[0]?.id ?? null),
        seconds,
        position: Math.min(position, seconds),
        matchDb: Object.fromEntries(versions.map(({ id }, i) => [id, levels[i] ?? null])),
      });
      if (playing) api.play();
      else for (const { deck } of loaded) deck.seek(getState().position);
      onDeck();
      setGains();
    },
    play(): void {
      if (loaded.length === 0) return;
      if (sounding !== api) sounding?.pause();
      sounding = api;
      for (const one of loaded) one.channel ??= deps.mixer.channel(one.deck.media);
      void deps.mixer.resume();
      const { position, seconds } = getState();
      const at = position >= seconds - 0.05 ? 0 : position;
      setState({ playing: true, position: at });
      setGains();
      for (const one of loaded) if (!one.deck.isLive()) begin(one, at);
      stopTicking ??= deps.every(tick, TICK_MS);
      onDeck();
    },
    pause(): void {
      tick();
      stop();
    },
    toggle: () => (getState().playing ? api.pause() : api.play()),
    /** Seconds, within the longest version. */
    seek(to: number): void {
      const { seconds, playing } = getState();
      const at = Math.min(seconds, Math.max(0, to));
      setState({ position: at });
      for (const one of loaded) {
        const { deck, version } = one;
        if (at >= version.seconds) {
          deck.pause();
          deck.seek(version.seconds);
        } else if (playing && !deck.isLive()) void deck.play(at);
        else deck.seek(at);
      }
      if (playing && !clock()) stop();
    },
    /** Hears another version at the same place. */
    hear(id: string): void {
      const one = loaded.find(({ version }) => version.id === id);
      if (!one) return;
      const leader = clock();
      if (leader && leader !== one && one.deck.isLive()) {
        one.deck.align(leader.deck.media.currentTime, SWITCH_DRIFT);
      } else if (getState().playing && !one.deck.isLive()) begin(one, getState().position);
      setState({ activeId: id });
      setGains();
    },
    setEqualLoudness(on: boolean): void {
      setState({ equalLoudness: on });
      setGains();
    },
    setVolume(to: number): void {
      volume = Math.min(1, Math.max(0, to));
      setState({ volume });
      setGains();
    },
    close(): void {
      stop();
      for (const { deck, channel } of loaded) {
        deck.close();
        channel?.close();
      }
      loaded = [];
      if (sounding === api) sounding = null;
    },
  };
  return api;
}
export type Playback = ReturnType<typeof createPlayback>;
