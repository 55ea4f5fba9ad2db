/** The first-party effects: what they are, and how they are built. */
export * from './build.ts';
export * from './collection.ts';
export * from './definition.ts';
