import { VisuallyHidden } from './visually-hidden.tsx';

/**
 * Speaks `message` whenever `id` changes. Two regions take turns, because a region whose text does not change stays
 * silent, and "Delay moved to 2 of 3" may well be true twice.
 */
export function LiveRegion({ message, id }: { readonly message: string; readonly id: number }) {
  return (
    <>
      <VisuallyHidden role="status" aria-live="polite">
        {id % 2 === 0 ? message : ''}
      </VisuallyHidden>
      <VisuallyHidden role="status" aria-live="polite">
        {id % 2 === 1 ? message : ''}
      </VisuallyHidden>
    </>
  );
}
