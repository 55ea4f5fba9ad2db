/** A project's room, from the side of a page. */
export { createRoom } from './create-room.ts';
export { ALL_PROTECTIONS, type Protections } from './protections.ts';
export * from './room.ts';
