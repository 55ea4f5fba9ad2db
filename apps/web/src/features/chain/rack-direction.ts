/** Matches the style sheets: on a phone the rack runs from top to bottom. */
const COLUMN = '(max-width: 760px)';
export const isColumn = (): boolean => window.matchMedia(COLUMN).matches;
