/** What plugins there are: safe in a browser. What needs files is in `@mixdown/wam-catalog/node`. */
export * from './find-entry.ts';
export * from './search-catalog.ts';
