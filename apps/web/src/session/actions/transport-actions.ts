import { theApp } from '../app.ts';
import { probe } from '../engine/create-engine.ts';
import { whyNoSound } from '../engine/why-no-sound.ts';
import { openProjectOrNull, theProject } from '../open-project.ts';
import { useOpenProject } from '../stores/session-store.ts';
import { toast } from '../stores/toasts.ts';

/** Why there is no sound, in the browser's own terms where it has any. */
async function explainSilence(error: unknown): Promise<void> {
  const why = whyNoSound();
  if (why) {
    toast({ tone: 'warning', title: 'No sound in this browser', detail: why });
    return;
  }
  const result = await probe();
  theApp().telemetry.captureError(error, {
    tags: { where: 'transport', reason: result.ok ? 'unknown' : result.reason },
  });
  toast({
    tone: 'error',
    title: 'Audio could not start',
    detail: result.ok
      ? `${error instanceof Error ? error.message : String(error)} Press Play again, or reload the page.`
      : result.detail,
    action: { label: 'Try again', run: () => void play() },
  });
}

/** Starts playback; the first time it also wakes the browser's audio, so it must come from a click or a key. */
export async function play(): Promise<void> {
  const { engine } = theProject();
  try {
    await engine.start();
    engine.play();
  } catch (error) {
    await explainSilence(error);
  }
}

export const pause = (): void => theProject().engine.pause();
/** Stops and goes back to where the song begins. */
export const stop = (): void => theProject().engine.stop();
export const seek = (frame: number): void =>
  theProject().engine.seek(Math.max(0, Math.round(frame)));

export const isPlaying = (): boolean => useOpenProject.getState().transport.status !== 'stopped';

export async function togglePlay(): Promise<void> {
  if (isPlaying()) pause();
  else await play();
}

/** Frames at the project's rate, right now. */
export const positionFrames = (): number => openProjectOrNull()?.engine.positionFrames() ?? 0;
