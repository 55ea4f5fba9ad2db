import { useMemo } from 'react';
import { useHolder, useRoom } from '../../session/index.ts';

const NONE: readonly string[] = [];

/** Somebody else's hand on this plugin's parameters, by parameter id. */
export function useRemoteHand(
  pluginId: string,
): Readonly<Record<string, { color: string; name: string }>> | undefined {
  const moving = useRoom((s) => s.moving[pluginId] ?? NONE);
  const holder = useHolder(pluginId);
  const name = holder?.name;
  const color = holder?.color;
  return useMemo(() => {
    if (moving.length === 0 || name === undefined || color === undefined) return undefined;
    const hand = { color: `var(--person-${color % 8})`, name };
    return Object.fromEntries(moving.map((paramId) => [paramId, hand]));
  }, [moving, name, color]);
}
