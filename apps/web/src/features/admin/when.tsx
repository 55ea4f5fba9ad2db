import { formatSince } from '../format-units.ts';

/** A moment as people say it, with the exact one behind it. */
export const When = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={new Date(at).toLocaleString('en')}>
    {formatSince(Date.parse(at), Date.now())}
  </time>
);
