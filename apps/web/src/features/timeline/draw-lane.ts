import type { Asset, Clip } from '@mixdown/contract';
import { peaksOf } from '../../session/peaks.ts';
import { type TimeView, ticks, xOf } from './time-scale.ts';
import { fillWaveform } from './waveform.ts';

export interface LaneColors {
  /** The track's colour. */
  readonly clip: string;
  readonly onClip: string;
  readonly bar: string;
  readonly beat: string;
}

export interface LaneContent {
  readonly clips: readonly Clip[];
  readonly assets: Readonly<Record<string, Asset>>;
  readonly sampleRate: number;
  readonly tempo: number;
  readonly selectedClipId: string | null;
  /** Muted, or another track is soloed. */
  readonly silent: boolean;
}

const INSET = 4;
const LABEL_HEIGHT = 16;
const RADIUS = 5;
const LABEL_FONT = '500 11px "Inter Variable", system-ui, sans-serif';
/** Narrower clips show their waveform alone. */
const MIN_LABELLED_WIDTH = 44;

function drawGrid(
  ctx: CanvasRenderingContext2D,
  view: TimeView,
  width: number,
  height: number,
  tempo: number,
  colors: LaneColors,
): void {
  for (const tick of ticks(view, width, tempo)) {
    if (tick.level === 'fine') continue;
    ctx.fillStyle = tick.level === 'bar' ? colors.bar : colors.beat;
    ctx.fillRect(Math.round(xOf(view, tick.seconds)), 0, 1, height);
  }
}

function drawClip(
  ctx: CanvasRenderingContext2D,
  view: TimeView,
  width: number,
  height: number,
  clip: Clip,
  content: LaneContent,
  colors: LaneColors,
): void {
  const { sampleRate } = content;
  const x = xOf(view, clip.startFrame / sampleRate);
  const end = xOf(view, (clip.startFrame + clip.lengthFrames) / sampleRate);
  if (end < 0 || x > width) return;
  const [left, right] = [Math.max(0, x), Math.min(width, end)];
  const body = height - 2 * INSET;
  ctx.save();
  ctx.beginPath();
  ctx.roundRect(x + 0.5, INSET, Math.max(2, end - x - 1), body, RADIUS);
  ctx.clip();
  ctx.globalAlpha = content.silent ? 0.1 : 0.2;
  ctx.fillStyle = colors.clip;
  ctx.fillRect(left, INSET, right - left, body);
  ctx.globalAlpha = content.silent ? 0.16 : 0.34;
  ctx.fillRect(left, INSET, right - left, LABEL_HEIGHT);
  ctx.globalAlpha = content.silent ? 0.4 : 1;
  const peaks = peaksOf(clip.assetId);
  if (peaks) {
    const framesPerPixel = sampleRate / view.pixelsPerSecond;
    const area = {
      left,
      right,
      top: INSET + LABEL_HEIGHT + 2,
      height: body - LABEL_HEIGHT - 4,
      gain: 10 ** (clip.gainDb / 20),
      frameAt: (at: number) => clip.offsetFrames + (at - x) * framesPerPixel,
    };
    fillWaveform(ctx, peaks, area, 1 / (window.devicePixelRatio || 1));
  }
  if (end - x > MIN_LABELLED_WIDTH) {
    ctx.fillStyle = colors.onClip;
    ctx.font = LABEL_FONT;
    ctx.textBaseline = 'middle';
    // The name stays in sight while the clip's left edge is scrolled away.
    const name = content.assets[clip.assetId]?.name ?? '';
    ctx.fillText(name, Math.max(x, 0) + 7, INSET + LABEL_HEIGHT / 2 + 0.5);
  }
  ctx.restore();
  if (content.selectedClipId !== clip.id) return;
  ctx.strokeStyle = colors.onClip;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.roundRect(x + 1, INSET + 0.5, Math.max(2, end - x - 2), body - 1, RADIUS);
  ctx.stroke();
}

/** One track's part of the timeline: grid, clips and waveforms, as far as they can be seen. */
export function drawLane(
  ctx: CanvasRenderingContext2D,
  view: TimeView,
  size: { readonly width: number; readonly height: number },
  content: LaneContent,
  colors: LaneColors,
): void {
  const { width, height } = size;
  drawGrid(ctx, view, width, height, content.tempo, colors);
  for (const clip of content.clips) drawClip(ctx, view, width, height, clip, content, colors);
}
