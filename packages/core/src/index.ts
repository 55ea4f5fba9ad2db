/** The rules of the product as pure functions: time, ids and randomness come in as arguments. */
export * from './apply-operation.ts';
export * from './canonical-json.ts';
export * from './chain.ts';
export * from './check-params.ts';
export * from './clock.ts';
export * from './export-states.ts';
export * from './format-value.ts';
export * from './parameters.ts';
export * from './parse-value.ts';
export * from './room/index.ts';
export * from './strip-gains.ts';
