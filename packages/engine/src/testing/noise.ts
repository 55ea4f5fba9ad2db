/** A repeatable source of numbers in −1…1 (xorshift32): the same seed gives the same audio on every machine. */
export function createNoise(seed: number): () => number {
  let x = seed | 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x / 2147483648;
  };
}

/** Interleaved noise, as canonical audio stands in storage. */
export function noiseAudio(seed: number, frames: number, channels = 2): Float32Array<ArrayBuffer> {
  const next = createNoise(seed);
  return Float32Array.from({ length: frames * channels }, () => next() * 0.25);
}
