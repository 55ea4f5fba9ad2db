import { RefusedError } from '@mixdown/contract';
import { NetworkError } from '../../../session/api/http.ts';

/** Begun with an address that has this little left, a download may not come to its end. */
const SAFETY_MS = 20_000;
/** Seconds that have to play before another failure counts as a new one. */
const RECOVERED_SECONDS = 1;
/** Below this, in seconds, a seek would be heard and not help. */
const NEAR = 0.02;

export type Trouble =
  /** The browser cannot decode it. */
  | 'unplayable'
  | 'offline'
  /** Withdrawn, held back, expired: `refusal` says which. */
  | 'refused'
  /** The browser wants another click first. */
  | 'blocked';

export interface DeckState {
  readonly status: 'idle' | 'loading' | 'ready';
  readonly trouble: Trouble | null;
  /** The server's words. */
  readonly refusal: string | null;
}

export interface DeckDeps {
  readonly media: HTMLMediaElement;
  readonly playable: boolean;
  /** An address of the file, and until when it is good (ms since 1970). */
  mint(): Promise<{ url: string; expiresAt: number }>;
  now(): number;
  onChange(): void;
}

/** One version's media element: gets an address when it is to play, and another one when that has run out. */
export function createDeck({ media, playable, mint, now, onChange }: DeckDeps) {
  let state: DeckState = {
    status: 'idle',
    trouble: playable ? null : 'unplayable',
    refusal: null,
  };
  let goodUntil = 0;
  let wants = false;
  let closed = false;
  /** Where the last failure was; none since, if null. */
  let failedAt: number | null = null;
  let position = 0;
  let preparing: Promise<boolean> | null = null;
  let starting = 0;

  const set = (next: Partial<DeckState>): void => {
    state = { ...state, ...next };
    if (!closed) onChange();
  };
  const goTo = (seconds: number): void => {
    position = seconds;
    if (Math.abs(media.currentTime - seconds) > NEAR) media.currentTime = seconds;
  };

  async function fetchAddress(): Promise<boolean> {
    set({ status: 'loading', trouble: null, refusal: null });
    try {
      const { url, expiresAt } = await mint();
      if (closed) return false;
      goodUntil = expiresAt;
      media.src = url;
      // Before there is data this is where playback will begin.
      media.currentTime = position;
      return true;
    } catch (error) {
      const refused = error instanceof RefusedError;
      if (!refused && !(error instanceof NetworkError)) throw error;
      wants = false;
      goodUntil = 0;
      const trouble = refused ? 'refused' : 'offline';
      set({ status: 'idle', trouble, refusal: refused ? error.refusal.detail : null });
      return false;
    }
  }
  function prepare(): Promise<boolean> {
    if (state.trouble === 'unplayable') return Promise.resolve(false);
    // What is loaded plays on from memory, or says when it needs more.
    const good = goodUntil - now() > SAFETY_MS && media.error === null && media.src !== '';
    if (good) return Promise.resolve(true);
    preparing ??= fetchAddress().finally(() => {
      preparing = null;
    });
    return preparing;
  }
  async function start(): Promise<void> {
    starting++;
    try {
      if (!(await prepare()) || !wants || closed) return;
      goTo(position);
      await media.play();
    } catch (error) {
      const blocked = error instanceof DOMException && error.name === 'NotAllowedError';
      if (!blocked) {
        // A load or a pause in between; what failed for good comes as an event.
        if (error instanceof DOMException) return;
        throw error;
      }
      wants = false;
      set({ trouble: 'blocked' });
    } finally {
      starting--;
    }
  }

  const listeners: Record<string, () => void> = {
    timeupdate() {
      if (media.error || media.readyState === 0) return;
      position = media.currentTime;
      if (failedAt !== null && position > failedAt + RECOVERED_SECONDS) failedAt = null;
    },
    loadedmetadata: () => goTo(position),
    playing: () => set({ status: 'ready', trouble: null }),
    canplay: () => set({ status: 'ready' }),
    waiting: () => set({ status: 'loading' }),
    ended: onChange,
    pause() {
      // Not by us: a key of the keyboard or the headphones has paused it, and it stays so.
      if (wants && media.paused && starting === 0 && !media.ended && !media.error) wants = false;
      onChange();
    },
    error() {
      if (closed || !media.getAttribute('src')) return;
      if (failedAt === null) {
        // The usual reason: the address has run out. With a new one it goes on where it was.
        failedAt = position;
        goodUntil = 0;
        if (wants) void start();
        else set({ status: 'idle' });
        return;
      }
      wants = false;
      failedAt = null;
      goodUntil = 0;
      const cut = media.error?.code === MEDIA_ERR_NETWORK;
      set({ status: 'idle', trouble: cut ? 'offline' : 'unplayable' });
    },
  };
  for (const [name, listener] of Object.entries(listeners)) media.addEventListener(name, listener);

  return {
    media,
    state: (): DeckState => state,
    /** Seconds; also while nothing is loaded. */
    position: () => position,
    /** It makes, or is about to make, sound. */
    isLive: () => wants && !media.ended && state.trouble === null,
    async play(from: number): Promise<void> {
      wants = true;
      // At once: an element that has come to its end has not, from here on.
      goTo(from);
      if (state.trouble && state.trouble !== 'unplayable') set({ trouble: null, refusal: null });
      await start();
    },
    pause(): void {
      wants = false;
      media.pause();
    },
    seek: goTo,
    /** Keeps to another deck's time, in seconds; `within` is what it may be off. One seek at a time, or none would end. */
    align(to: number, within: number): void {
      if (!media.seeking && Math.abs(media.currentTime - to) > within) goTo(to);
    },
    /** Starts again what stands still although it should play: a start may have been cut off by a load or a pause. */
    async nudge(): Promise<void> {
      if (wants && media.paused && starting === 0 && !media.ended && !state.trouble) await start();
    },
    close(): void {
      closed = true;
      wants = false;
      for (const [name, listener] of Object.entries(listeners))
        media.removeEventListener(name, listener);
      media.pause();
      media.removeAttribute('src');
      media.load();
    },
  };
}
/** `MediaError.MEDIA_ERR_NETWORK`. */
const MEDIA_ERR_NETWORK = 2;
export type Deck = ReturnType<typeof createDeck>;
