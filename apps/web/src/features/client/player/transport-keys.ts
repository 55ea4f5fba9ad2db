/** What a key does to the player. */
export type TransportKey =
  | { readonly do: 'toggle' }
  | { readonly do: 'seek'; readonly by: number }
  | { readonly do: 'start' }
  | { readonly do: 'end' }
  | { readonly do: 'volume'; readonly by: number }
  | { readonly do: 'next' }
  | { readonly do: 'hear'; readonly index: number };

const SEEK_SECONDS = 5;
const FAR_SECONDS = 30;
const VOLUME_STEP = 0.05;

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Null: the key is not the player's. */
export function transportKey(event: Pressed): TransportKey | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const step = event.shiftKey ? FAR_SECONDS : SEEK_SECONDS;
  switch (event.key) {
    case ' ':
      return { do: 'toggle' };
    case 'ArrowLeft':
      return { do: 'seek', by: -step };
    case 'ArrowRight':
      return { do: 'seek', by: step };
    case 'PageDown':
      return { do: 'seek', by: -FAR_SECONDS };
    case 'PageUp':
      return { do: 'seek', by: FAR_SECONDS };
    case 'Home':
      return { do: 'start' };
    case 'End':
      return { do: 'end' };
    case 'ArrowUp':
      return { do: 'volume', by: VOLUME_STEP };
    case 'ArrowDown':
      return { do: 'volume', by: -VOLUME_STEP };
    case 'x':
    case 'X':
      return { do: 'next' };
  }
  return /^[1-9]$/.test(event.key) ? { do: 'hear', index: Number(event.key) - 1 } : null;
}

/** Where the key belongs to what has the focus: text, a menu, a choice; and Space and the arrows to more. */
export function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (
    target.closest(
      'input:not([type=range]),textarea,select,[role=menu],[role=dialog],[role=radiogroup]',
    )
  )
    return true;
  if (key === ' ' || key === 'Enter')
    return target.closest('button,a,summary,[role=switch],[role=checkbox]') !== null;
  // Pages scroll by these keys: they are the player's only inside of it.
  const scrolls = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'].includes(key);
  if (target.closest('input[type=range]')) return key.startsWith('Arrow') || scrolls;
  return scrolls && target.closest('[data-player]') === null;
}
