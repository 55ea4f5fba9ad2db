import { initialsOf } from '../../session/index.ts';
import { cx } from '../../ui/cx.ts';
import styles from './together.module.css';

interface AvatarProps {
  readonly name: string;
  readonly color: number;
  readonly reconnecting?: boolean;
  readonly size?: 'sm' | 'md';
}

/** Somebody's initials in their colour. What it says stands beside it or in its button's name, so the letters are drawn, not written. */
export const Avatar = ({ name, color, reconnecting = false, size = 'md' }: AvatarProps) => (
  <span
    className={cx(styles.avatar, size === 'sm' && styles.avatarSm)}
    data-person={color % 8}
    data-reconnecting={reconnecting ? '' : undefined}
    data-initials={initialsOf(name)}
    aria-hidden
  />
);
