import type { MyExport } from '@mixdown/contract';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { theApp } from '../../../session/index.ts';
import { mintExport } from '../mint-export.ts';
import { canPlay } from './can-play.ts';
import { webAudioMixer } from './mixer.ts';
import { createPlayback, type Playback, type PlaybackState, type Version } from './playback.ts';

function createMedia(): HTMLMediaElement {
  const media = new Audio();
  // The page is isolated: what comes from the object store has to allow it.
  media.crossOrigin = 'anonymous';
  media.preload = 'auto';
  return media;
}

function every(run: () => void, ms: number): () => void {
  const timer = window.setInterval(run, ms);
  return () => window.clearInterval(timer);
}

/** The transport for these versions; it lives as long as the component. */
export function usePlayback(exports: readonly MyExport[]): {
  readonly playback: Playback;
  readonly state: PlaybackState;
} {
  const [playback] = useState(() =>
    createPlayback({
      createMedia,
      mixer: webAudioMixer,
      mint: (id) => mintExport(theApp().client, id),
      now: Date.now,
      every,
    }),
  );
  // A listing that is looked at again makes new objects of the same versions.
  const facts = JSON.stringify(
    exports.map(
      ({ id, result, options }): Version => ({
        id,
        seconds: result?.durationSeconds ?? 0,
        integratedLufs: result?.integratedLufs ?? null,
        playable: canPlay(options, document.createElement('audio')),
      }),
    ),
  );
  const versions = useMemo(() => JSON.parse(facts) as Version[], [facts]);
  useEffect(() => playback.setVersions(versions), [playback, versions]);
  useEffect(() => () => playback.close(), [playback]);
  return { playback, state: useStore(playback.store) };
}
