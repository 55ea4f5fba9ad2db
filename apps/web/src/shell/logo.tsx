/** Four bars of a level meter. */
export const Logo = ({ size = 22 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 22 22" fill="var(--accent)" aria-hidden="true">
    <rect x="1" y="8" width="3.4" height="7" rx="1.7" />
    <rect x="6.5" y="3" width="3.4" height="16" rx="1.7" />
    <rect x="12" y="6" width="3.4" height="10" rx="1.7" />
    <rect x="17.6" y="9" width="3.4" height="4.6" rx="1.7" />
  </svg>
);
