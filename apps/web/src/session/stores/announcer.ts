import { create } from 'zustand';

/** The sentence that screen readers speak next; `id` lets the same sentence be spoken twice. */
export const useAnnouncement = create<{ text: string; id: number }>()(() => ({ text: '', id: 0 }));

/** Speaks `text` to screen readers, politely: after what they are saying now. */
export const announce = (text: string): void =>
  useAnnouncement.setState(({ id }) => ({ text, id: id + 1 }));
