import { createServer, type Socket } from 'node:net';
import { createRequestReader } from './requests.ts';

export interface FakeRedis extends AsyncDisposable {
  readonly url: string;
  /** Every command that came in, by name, in order. */
  readonly commands: readonly string[];
  /** How many connections listen to this channel. */
  listeners(channel: string): number;
  /** Cuts all connections, as a restart does; new ones are taken. */
  dropConnections(): void;
  close(): Promise<void>;
}

interface Client {
  readonly socket: Socket;
  readonly channels: Set<string>;
  resp: 2 | 3;
  signedIn: boolean;
}

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const error = (text: string) => `-${text}\r\n`;
/** What is not the answer to a command: its own type in RESP3, an array like any other in RESP2. */
const pushed = ({ resp }: Client, parts: readonly (string | number)[]) =>
  `${resp === 3 ? '>' : '*'}${parts.length}\r\n${parts
    .map((part) => (typeof part === 'number' ? `:${part}\r\n` : bulk(part)))
    .join('')}`;

function greeting(resp: 2 | 3): string {
  const fields = [bulk('server'), bulk('redis'), bulk('version'), bulk('7.4.0'), bulk('proto')];
  return `${resp === 3 ? '%3' : '*6'}\r\n${fields.join('')}:${resp}\r\n`;
}

/** A Redis that knows publish and subscribe, over RESP2 and RESP3, with an optional password. */
export async function startFakeRedis(o: { readonly password?: string } = {}): Promise<FakeRedis> {
  const clients = new Set<Client>();
  const commands: string[] = [];

  function signIn(client: Client, password: string | undefined): string | null {
    if (password !== o.password) return error('WRONGPASS invalid username-password pair');
    client.signedIn = true;
    return null;
  }

  function hello(client: Client, [version, ...more]: readonly string[]): string {
    if (version !== undefined && version !== '2' && version !== '3') {
      return error('NOPROTO unsupported protocol version');
    }
    const auth = more.findIndex((word) => word.toUpperCase() === 'AUTH');
    const refusal = auth >= 0 ? signIn(client, more[auth + 2]) : null;
    if (refusal) return refusal;
    if (!client.signedIn) return error('NOAUTH HELLO must be called with the client authenticated');
    client.resp = version === '3' ? 3 : 2;
    return greeting(client.resp);
  }

  function subscription(
    client: Client,
    kind: 'subscribe' | 'unsubscribe',
    names: readonly string[],
  ) {
    const all = kind === 'unsubscribe' && names.length === 0 ? [...client.channels] : names;
    return all
      .map((channel) => {
        if (kind === 'subscribe') client.channels.add(channel);
        else client.channels.delete(channel);
        return pushed(client, [kind, channel, client.channels.size]);
      })
      .join('');
  }

  function publish(channel: string, message: string): string {
    const heard = [...clients].filter(({ channels }) => channels.has(channel));
    for (const client of heard) client.socket.write(pushed(client, ['message', channel, message]));
    return `:${heard.length}\r\n`;
  }

  function answer(client: Client, [command = '', ...args]: readonly string[]): string {
    const name = command.toUpperCase();
    commands.push(name);
    if (name === 'HELLO') return hello(client, args);
    if (name === 'AUTH') return signIn(client, args.at(-1)) ?? '+OK\r\n';
    if (!client.signedIn) return error('NOAUTH Authentication required.');
    if (name === 'SUBSCRIBE') return subscription(client, 'subscribe', args);
    if (name === 'UNSUBSCRIBE') return subscription(client, 'unsubscribe', args);
    if (name === 'PUBLISH') return publish(args[0] ?? '', args[1] ?? '');
    if (name === 'PING') {
      return client.resp === 2 && client.channels.size > 0
        ? pushed(client, ['pong', args[0] ?? ''])
        : '+PONG\r\n';
    }
    if (name === 'CLIENT' || name === 'SELECT') return '+OK\r\n';
    return error(`ERR unknown command '${command}'`);
  }

  const server = createServer((socket) => {
    const client: Client = { socket, channels: new Set(), resp: 2, signedIn: !o.password };
    clients.add(client);
    const read = createRequestReader();
    socket.on('data', (data) => {
      for (const request of read(data)) socket.write(answer(client, request));
    });
    socket.on('error', () => {});
    socket.on('close', () => clients.delete(client));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const dropConnections = () => {
    for (const { socket } of clients) socket.destroy();
  };
  async function close() {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    dropConnections();
    await closed;
  }
  return {
    url: `redis://${o.password ? `:${o.password}@` : ''}127.0.0.1:${port}`,
    commands,
    listeners: (channel) => [...clients].filter(({ channels }) => channels.has(channel)).length,
    dropConnections,
    close,
    [Symbol.asyncDispose]: close,
  };
}
