/** Signal processing as pure functions on planar Float32Array blocks: measuring, converting, storing. */
export * from './dither.ts';
export * from './gain.ts';
export * from './limiter.ts';
export * from './loudness-meter.ts';
export * from './peaks.ts';
export * from './quantise.ts';
export * from './random.ts';
export * from './resampler.ts';
export * from './wav-format.ts';
export * from './wav-header.ts';
export * from './wav-parser.ts';
export * from './wav-samples.ts';
