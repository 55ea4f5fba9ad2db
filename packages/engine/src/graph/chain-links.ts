import type { RenderClock } from './clock.ts';
import { Edge, type Inlet } from './edge.ts';

/** Something in a chain: the way in and the way out. */
export interface Link {
  readonly id: string;
  readonly inlet: Inlet;
  readonly outlet: AudioNode;
  /** Time (s) that sound needs through it. */
  readonly latencySeconds: number;
}

/**
 * The connections of one track's chain, source to strip. Changes are crossfades: at every moment a way from the
 * source to the strip is open whose gains add up to 1, and no edge ever leads backwards.
 */
export class ChainLinks {
  readonly #context: BaseAudioContext;
  readonly #clock: RenderClock;
  readonly #links: Link[] = [];
  readonly #source: AudioNode;
  readonly #sink: Inlet;
  /** `#edges[i]` leads into link i, the last one into the sink. */
  readonly #edges: Edge[];

  constructor(
    context: BaseAudioContext,
    clock: RenderClock,
    ends: { source: AudioNode; sink: Inlet },
  ) {
    this.#context = context;
    this.#clock = clock;
    this.#source = ends.source;
    this.#sink = ends.sink;
    this.#edges = [new Edge(context, ends.source, ends.sink, 1)];
  }

  get ids(): string[] {
    return this.#links.map((link) => link.id);
  }

  /** Bridges the neighbours of a link; resolves when nothing is connected to it any more. */
  async takeOut(id: string): Promise<void> {
    const at = this.#links.findIndex((link) => link.id === id);
    if (at < 0) return;
    const into = this.#edges[at] as Edge;
    const outOf = this.#edges[at + 1] as Edge;
    const bridge = new Edge(this.#context, this.#before(at), this.#after(at), 0);
    await this.#exchange(outOf, bridge);
    this.#links.splice(at, 1);
    this.#edges.splice(at, 2, bridge);
    into.disconnect();
    outOf.disconnect();
  }

  /** Puts a free link at `position`: first it is fed, and once sound has come through, it takes over. */
  async linkIn(link: Link, position: number): Promise<void> {
    const direct = this.#edges[position] as Edge;
    const feed = new Edge(this.#context, this.#before(position), link.inlet, 0);
    if (this.#clock.running()) {
      const fed = feed.fade(1, this.#clock.moment());
      await this.#clock.until(fed + link.latencySeconds);
    } else feed.set(1, this.#clock.now());
    const onward = new Edge(this.#context, link.outlet, this.#inletAt(position), 0);
    await this.#exchange(direct, onward);
    this.#links.splice(position, 0, link);
    this.#edges.splice(position, 1, feed, onward);
    direct.disconnect();
  }

  /** Puts a free link at the end without a fade, for a track that is not heard yet. */
  append(link: Link): void {
    const direct = this.#edges.pop() as Edge;
    const before = this.#before(this.#links.length);
    direct.disconnect();
    this.#links.push(link);
    this.#edges.push(new Edge(this.#context, before, link.inlet, 1));
    this.#edges.push(new Edge(this.#context, link.outlet, this.#sink, 1));
  }

  /** Cuts every connection at once; the caller has faded the track out. */
  dispose(): void {
    for (const edge of this.#edges) edge.disconnect();
    this.#edges.length = 0;
    this.#links.length = 0;
  }

  async #exchange(leaving: Edge, coming: Edge): Promise<void> {
    if (this.#clock.running()) {
      const moment = this.#clock.moment();
      leaving.fade(0, moment);
      await this.#clock.until(coming.fade(1, moment));
      return;
    }
    const now = this.#clock.now();
    leaving.set(0, now);
    coming.set(1, now);
  }

  #before(index: number): AudioNode {
    return this.#links[index - 1]?.outlet ?? this.#source;
  }

  #after(index: number): Inlet {
    return this.#inletAt(index + 1);
  }

  #inletAt(index: number): Inlet {
    return this.#links[index]?.inlet ?? this.#sink;
  }
}
