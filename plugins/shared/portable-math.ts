/**
 * The functions that the DSP imports, from additions and multiplications alone. `Math.sin` and its kin may round
 * differently in every engine; these cannot, so that a plugin sounds the same to the last bit everywhere.
 * Relative error below 4e-15 over the ranges that audio uses.
 */
/** ln 2 and π / 2 in two parts each: the high one has few enough digits that a whole multiple of it is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_LOW = 6.077100506506192e-11;
const LOG2_E = Math.LOG2E;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Which of the two words holds sign, exponent and the leading digits. */
const HIGH = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** 2^n for n = −1022…1023 at index n + 1022. */
const POWERS_OF_TWO = Float64Array.from({ length: 2046 }, (_, i) => {
  words[1 - HIGH] = 0;
  words[HIGH] = (i + 1) << 20;
  return float[0] as number;
});

/** Coefficients 1/k!; |r| ≤ 0.35, so the first one left out is below 2^−56. Unrolled: it runs for every sample. */
const E2 = 1 / 2;
const E3 = 1 / 6;
const E4 = 1 / 24;
const E5 = 1 / 120;
const E6 = 1 / 720;
const E7 = 1 / 5040;
const E8 = 1 / 40320;
const E9 = 1 / 362880;
const E10 = 1 / 3628800;
const E11 = 1 / 39916800;
const E12 = 1 / 479001600;
const E13 = 1 / 6227020800;

export function exp(x: number): number {
  if (!(x > -708)) return Number.isNaN(x) ? x : 0;
  if (x > 709) return x === Number.POSITIVE_INFINITY ? x : Number.MAX_VALUE;
  const n = Math.floor(x * LOG2_E + 0.5);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  const high = E8 + r * (E9 + r * (E10 + r * (E11 + r * (E12 + r * E13))));
  const low = E2 + r * (E3 + r * (E4 + r * (E5 + r * (E6 + r * (E7 + r * high)))));
  return (1 + r * (1 + r * low)) * (POWERS_OF_TWO[n + 1022] as number);
}

/** Coefficients of the inverse hyperbolic tangent; |s| ≤ 0.172, so the first one left out is below 2^−58. */
const L3 = 1 / 3;
const L5 = 1 / 5;
const L7 = 1 / 7;
const L9 = 1 / 9;
const L11 = 1 / 11;
const L13 = 1 / 13;
const L15 = 1 / 15;
const L17 = 1 / 17;
const L19 = 1 / 19;
const L21 = 1 / 21;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x < SMALLEST_NORMAL) return log(x * 2 ** 52) - 52 * Math.LN2;
  float[0] = x;
  const top = words[HIGH] as number;
  let exponent = (top >>> 20) - 1023;
  words[HIGH] = (top & 0xfffff) | 0x3ff00000;
  let m = float[0] as number;
  if (m > Math.SQRT2) {
    m *= 0.5;
    exponent += 1;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  const high = L11 + q * (L13 + q * (L15 + q * (L17 + q * (L19 + q * L21))));
  const sum = 1 + q * (L3 + q * (L5 + q * (L7 + q * (L9 + q * high))));
  return exponent * LN2_HIGH + (2 * s * sum + exponent * LN2_LOW);
}

/** Whole exponents are multiplied out, which is exact for squares and works for negative bases. */
export function pow(x: number, y: number): number {
  if (Number.isInteger(y) && Math.abs(y) <= 64) {
    let result = 1;
    let factor = x;
    for (let n = Math.abs(y); n > 0; n = Math.floor(n / 2)) {
      if (n % 2 === 1) result *= factor;
      factor *= factor;
    }
    return y < 0 ? 1 / result : result;
  }
  if (x === 0) return y > 0 ? 0 : Number.POSITIVE_INFINITY;
  return exp(y * log(x));
}
export const log10 = (x: number): number => log(x) / Math.LN10;

function sineSeries(x: number): number {
  const x2 = x * x;
  let sum = 1;
  for (let k = 18; k > 0; k -= 2) sum = 1 - (x2 * sum) / (k * (k + 1));
  return x * sum;
}

function cosineSeries(x: number): number {
  const x2 = x * x;
  let sum = 1;
  for (let k = 18; k > 0; k -= 2) sum = 1 - (x2 * sum) / (k * (k - 1));
  return sum;
}

/** Angles to ±1e6 radians. */
export function sin(x: number): number {
  const n = Math.round(x / (Math.PI / 2));
  const r = x - n * HALF_PI_HIGH - n * HALF_PI_LOW;
  const value = n & 1 ? cosineSeries(r) : sineSeries(r);
  return n & 2 ? -value : value;
}
export const cos = (x: number): number => {
  const n = Math.round(x / (Math.PI / 2));
  const r = x - n * HALF_PI_HIGH - n * HALF_PI_LOW;
  const value = n & 1 ? sineSeries(r) : cosineSeries(r);
  return (n + 1) & 2 ? -value : value;
};
export const tan = (x: number): number => sin(x) / cos(x);
/** Exact in every engine. */
export const fmod = (x: number, y: number): number => x % y;

/** As the compiled DSP asks for them. */
export const MATH_IMPORTS = {
  _exp: exp,
  _log: log,
  _log10: log10,
  _pow: pow,
  _sin: sin,
  _cos: cos,
  _tan: tan,
  _fmod: fmod,
};
