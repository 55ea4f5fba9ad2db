import { parentPort } from 'node:worker_threads';
import { generateDemo } from '@mixdown/demo-material';

const song = generateDemo();
const samples = song.tracks.flatMap((track) => track.clips.flatMap((clip) => clip.audio));
parentPort?.postMessage(
  song,
  samples.map(({ buffer }) => buffer as ArrayBuffer),
);
