import fc from 'fast-check';

/** Every run draws the same cases; `MIXDOWN_SEED=n npm test` explores others, and a failure prints its own seed. */
fc.configureGlobal({ seed: Number(process.env.MIXDOWN_SEED ?? 20260125) });
