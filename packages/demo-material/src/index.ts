export { type DemoSlot, type DemoSong, type DemoTrack, generateDemo } from './generate-demo.ts';
export { generateLarge } from './generate-large.ts';
