import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * Whether a browser may open a socket from the page that it is on: one of our own. Others than browsers send no
 * Origin; for them as for everybody the token counts.
 */
export function isOwnOrigin(
  { origin, host }: { origin: string | undefined; host: string | undefined },
  publicUrl: string | null,
): boolean {
  if (origin === undefined) return true;
  let from: URL;
  try {
    from = new URL(origin);
  } catch {
    return false;
  }
  if (!/^https?:$/.test(from.protocol)) return false;
  return from.origin === publicUrl || from.host === host?.toLowerCase();
}

/** Whose address counts: that of the socket, or behind trusted proxies the one that they name. */
export function createAddressOf(trustProxy: boolean | readonly string[]) {
  const trusted = new BlockList();
  for (const range of Array.isArray(trustProxy) ? (trustProxy as string[]) : []) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/, '');
  const isTrusted = (address: string) =>
    trustProxy === true ||
    (isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'));

  return ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string => {
    let address = plain(socket.remoteAddress ?? '');
    const named = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((part) => plain(part.trim()))
      .filter((part) => part !== '');
    while (named.length > 0 && isTrusted(address)) address = named.pop() as string;
    return address;
  };
}
