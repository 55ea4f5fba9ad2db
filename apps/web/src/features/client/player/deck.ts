import { RefusedError } from '@mixdown/contract';
import { NetworkError } from '../../../session/api/http.ts';

/** Begun with an address that has this little left, a download may not come to its end. */
const SAFETY_MS = 20_000;
/** Seconds that have to play before another failure counts as a new one. */
const RECOVERED_SECONDS = 1;
/** Below this, in seconds, a seek would be heard and not help. */
const NEAR = 0.02;
/** A seek that takes longer, in ms, waits for the network, and another wish need not wait for it. */
const QUICK_SEEK_MS = 250;
/** For how many nudges in a row sound may stand still beside data that is there before it is set going again. */
const STILL_NUDGES = 4;
/** Seconds of data from the position on that are enough to play. */
const ENOUGH = 0.25;

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
  /** When the seek that `media` is at began, ms since 1970. */
  let seekingSince = 0;
  /** `position` is to be gone to when that seek is over. */
  let seekAgain = false;
  /** Where `media` stood at the last nudge, and for how many of them. */
  let stood = { at: -1, nudges: 0 };

  const set = (next: Partial<DeckState>): void => {
    state = { ...state, ...next };
    if (!closed) onChange();
  };
  /**
   * One seek at a time: of several at once, Chromium answers the last and may then let playback starve beside all its data
   * (docs/decisions/019-one-seek-at-a-time.md).
   */
  const goTo = (seconds: number): void => {
    position = seconds;
    seekAgain = media.seeking && now() - seekingSince < QUICK_SEEK_MS;
    if (seekAgain || Math.abs(media.currentTime - seconds) <= NEAR) return;
    seekingSince = now();
    media.currentTime = seconds;
  };

  /** Whether what is needed to go on has arrived. */
  const hasData = (): boolean => {
    const { buffered, currentTime, duration } = media;
    const needed = Math.min(currentTime + ENOUGH, duration);
    for (let i = 0; i < buffered.length; i++)
      if (buffered.start(i) <= currentTime && buffered.end(i) >= needed) return true;
    return false;
  };
  /** Chromium's decoder sometimes asks for no more data, with all of it at hand; a seek to where it is wakes it. */
  function wake(): void {
    const { currentTime } = media;
    const still = currentTime === stood.at && !media.seeking && hasData();
    stood = { at: currentTime, nudges: still ? stood.nudges + 1 : 0 };
    if (stood.nudges < STILL_NUDGES) return;
    stood.nudges = 0;
    media.currentTime = currentTime;
  }

  async function fetchAddress(): Promise<boolean> {
    set({ status: 'loading', trouble: null, refusal: null });
    try {
      const { url, expiresAt } = await mint();
      if (closed) return false;
      goodUntil = expiresAt;
      media.src = url;
      seekAgain = false;
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
      if (media.error || media.readyState === 0 || seekAgain) return;
      position = media.currentTime;
      if (failedAt !== null && position > failedAt + RECOVERED_SECONDS) failedAt = null;
    },
    loadedmetadata: () => goTo(position),
    seeked() {
      if (seekAgain) goTo(position);
    },
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
      if (!wants || starting > 0 || media.ended || state.trouble) return;
      if (media.paused) await start();
      else wake();
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
