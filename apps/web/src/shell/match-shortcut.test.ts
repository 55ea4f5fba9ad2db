import { describe, expect, it } from 'vitest';
import { matches } from './match-shortcut.ts';

const press = (key: string, ...modifiers: ('ctrl' | 'meta' | 'alt' | 'shift')[]) => ({
  key,
  ctrlKey: modifiers.includes('ctrl'),
  metaKey: modifiers.includes('meta'),
  altKey: modifiers.includes('alt'),
  shiftKey: modifiers.includes('shift'),
});

describe('shortcuts', () => {
  it('take Ctrl or ⌘ for Mod', () => {
    expect(matches('Mod+K', press('k', 'ctrl'))).toBe(true);
    expect(matches('Mod+K', press('k', 'meta'))).toBe(true);
    expect(matches('Mod+K', press('k'))).toBe(false);
  });

  it('tell undo from redo', () => {
    expect(matches('Mod+Z', press('Z', 'ctrl', 'shift'))).toBe(false);
    expect(matches('Mod+Shift+Z', press('Z', 'ctrl', 'shift'))).toBe(true);
    expect(matches('Mod+Shift+Z', press('z', 'ctrl'))).toBe(false);
  });

  it('find signs on any keyboard', () => {
    expect(matches('?', press('?', 'shift'))).toBe(true);
    expect(matches('Plus', press('+', 'shift'))).toBe(true);
    expect(matches('Plus', press('='))).toBe(true);
    expect(matches('-', press('-'))).toBe(true);
    expect(matches('Plus', press('+', 'ctrl'))).toBe(false);
  });

  it('leave plain letters alone when a modifier is held', () => {
    expect(matches('M', press('m'))).toBe(true);
    expect(matches('M', press('m', 'ctrl'))).toBe(false);
    expect(matches('M', press('m', 'alt'))).toBe(false);
    expect(matches(' ', press(' '))).toBe(true);
  });
});
