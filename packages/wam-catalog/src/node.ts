/** What needs files: loading and checking collections, running and certifying plugins. */
export * from './certificate.ts';
export * from './certify-plugin.ts';
export * from './load-catalogs.ts';
export * from './measure-latency.ts';
export * from './measure-tail.ts';
export * from './run-plugin.ts';
export * from './test-signals.ts';
export * from './tree-hash.ts';
export * from './worklet-shim.ts';
