import {
  EXPORT_STREAM,
  type ExportStreamEvent,
  type ExportView,
  isTerminal,
} from '@mixdown/contract';
import { createParser } from 'eventsource-parser';

/** Without the first event by then, something on the way holds streams back. */
export const FIRST_EVENT_MS = 5_000;
/** The server says something every 15 s, if only a comment; three times that is silence. */
export const SILENCE_MS = 45_000;
const MOST_TRIES = 4;
const FIRST_WAIT_MS = 500;

export interface StreamDeps {
  open(id: string, o: { signal: AbortSignal; lastEventId: string | null }): Promise<Response>;
  onView(view: ExportView): void;
  /** It is not the account's to see any more. */
  onGone(id: string): void;
  /** Streams do not get through here: somebody else has to look. */
  onStuck(id: string): void;
  /** It rests, and there is nothing more to hear. */
  onEnd(id: string): void;
  setTimer(run: () => void, ms: number): () => void;
  /** 0 … 1. */
  random(): number;
}

type Outcome = 'ended' | 'gone' | 'broken' | 'stuck';

/** The later of two reports of the same stage: what goes on never falls back on the screen. */
export function withProgress(view: ExportView, progress: ExportView['progress']): ExportView {
  const back = view.progress.stage === progress.stage && progress.fraction < view.progress.fraction;
  return back ? view : { ...view, progress };
}

/** Follows one export by its stream until it rests, is gone, or streams turn out not to get through. Returns its end. */
export function followStream(id: string, deps: StreamDeps): () => void {
  const ended = new AbortController();
  let view: ExportView | null = null;
  let lastEventId: string | null = null;

  function hear(
    event: string | undefined,
    eventId: string | undefined,
    data: string,
  ): Outcome | null {
    if (eventId) lastEventId = eventId;
    const schema = EXPORT_STREAM[(event ?? '') as ExportStreamEvent];
    const parsed = schema?.safeParse(JSON.parse(data));
    if (!parsed?.success) return null;
    if (event === 'state') {
      view = parsed.data as ExportView;
      deps.onView(view);
    } else if (event === 'progress' && view) {
      view = withProgress(view, parsed.data as ExportView['progress']);
      deps.onView(view);
    } else if (event === 'end') {
      const { reason } = parsed.data as { reason: string };
      if (reason === 'access_lost') return 'gone';
      return reason === 'finished' ? 'ended' : 'broken';
    }
    return null;
  }

  /** One connection, from its opening to its end; `heard` counts its events. */
  async function connect(heard: () => void): Promise<Outcome> {
    const connection = new AbortController();
    const abort = () => connection.abort();
    ended.signal.addEventListener('abort', abort);
    let cancel = deps.setTimer(abort, FIRST_EVENT_MS);
    try {
      const response = await deps.open(id, { signal: connection.signal, lastEventId });
      if (response.status === 404 || response.status === 403) return 'gone';
      if (!response.ok || !response.body) return response.status === 429 ? 'stuck' : 'broken';
      let outcome: Outcome | null = null;
      const parser = createParser({
        onEvent: (message) => {
          heard();
          outcome ??= hear(message.event, message.id, message.data);
        },
      });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return outcome ?? 'broken';
        cancel();
        cancel = deps.setTimer(abort, SILENCE_MS);
        parser.feed(value);
        if (outcome) {
          connection.abort();
          return outcome;
        }
      }
    } catch {
      return 'broken';
    } finally {
      cancel();
      ended.signal.removeEventListener('abort', abort);
    }
  }

  async function follow(): Promise<void> {
    let failures = 0;
    while (!ended.signal.aborted) {
      const outcome = await connect(() => {
        failures = 0;
      });
      if (ended.signal.aborted) return;
      if (outcome === 'gone') return deps.onGone(id);
      if (outcome === 'ended' || (view && isTerminal((view as ExportView).status)))
        return deps.onEnd(id);
      failures += 1;
      if (outcome === 'stuck' || failures >= MOST_TRIES) return deps.onStuck(id);
      const wait = FIRST_WAIT_MS * 2 ** (failures - 1) * (0.5 + deps.random() / 2);
      await new Promise<void>((resolve) => {
        const cancel = deps.setTimer(resolve, wait);
        ended.signal.addEventListener(
          'abort',
          () => {
            cancel();
            resolve();
          },
          { once: true },
        );
      });
    }
  }
  void follow();
  return () => ended.abort();
}
