import { type ProbeResult, probeBrowser } from '@mixdown/wam-host';
import { STRIP } from './worklet/messages.ts';

/** Whether this browser can play and render projects, down to a block of sound from our own worklet. */
export const probeEngine = (workletUrl: string): Promise<ProbeResult> =>
  probeBrowser({ module: { url: workletUrl, processor: STRIP } });
