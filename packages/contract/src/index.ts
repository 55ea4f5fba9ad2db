/** Everything that crosses a process boundary: one schema each, from which validation, types and OpenAPI derive. */
export * from './admin.ts';
export * from './assets.ts';
export * from './catalog.ts';
export * from './config.ts';
export * from './errors.ts';
export * from './exports.ts';
export * from './ids.ts';
export * from './operations.ts';
export * from './plugins.ts';
export * from './projects.ts';
export * from './shares.ts';
export * from './socket.ts';
export * from './telemetry-events.ts';
