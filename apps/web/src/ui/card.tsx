import type { ComponentPropsWithRef } from 'react';
import { cx } from './cx.ts';
import styles from './surface.module.css';

/** A raised surface with the usual padding. */
export const Card = ({ className, ...rest }: ComponentPropsWithRef<'div'>) => (
  <div {...rest} className={cx(styles.card, className)} />
);
