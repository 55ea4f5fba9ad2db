/** A repeatable source of randomness: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in 0 ≤ x < 1, 32 bits. */
  next(): number;
}

/** xoshiro128** (Blackman and Vigna), its 128 bits of state spread from `seed` (a 32-bit integer) by splitmix32. */
export function createRandom(seed: number): Random {
  let z = seed | 0;
  const spread = () => {
    z = (z + 0x9e3779b9) | 0;
    let t = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return t ^ (t >>> 15);
  };
  let a = spread();
  let b = spread();
  let c = spread();
  let d = spread();
  return {
    next() {
      const scrambled = Math.imul(b, 5);
      const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      return (result >>> 0) / 4294967296;
    },
  };
}
