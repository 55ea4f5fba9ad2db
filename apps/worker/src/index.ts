/** The render node: claims exports, renders each in a process of its own, and stores what comes out. */
export { DEFAULT_LIMITS, type RenderLimits } from './render/render-process.ts';
export { createWorker, type Worker } from './worker.ts';
export { DEFAULT_TIMINGS, type WorkerDeps, type WorkerTimings } from './worker-deps.ts';
