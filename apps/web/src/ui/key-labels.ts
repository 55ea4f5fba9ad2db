const SIGNS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Escape: 'Esc',
  Delete: 'Del',
  ' ': 'Space',
};
const APPLE: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Ctrl: '⌃' };
const OTHERS: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  Alt: 'Alt',
  Shift: '⇧',
  Ctrl: 'Ctrl',
};

/** What to print on the keys of a shortcut; `Mod` is ⌘ on Apple's machines and Ctrl elsewhere. */
export const keyLabels = (keys: string, apple: boolean): string[] =>
  keys.split('+').map((key) => (apple ? APPLE : OTHERS)[key] ?? SIGNS[key] ?? key);
