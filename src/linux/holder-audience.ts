/** Who hears of a process that a holder has. */
import type { SpawnSink } from './spawner.ts';

type Telling = (sink: SpawnSink) => void;

/** Its owner's sink; until somebody adopts it nobody, and then it is told all that has come meanwhile. */
export class Audience {
  #sink: SpawnSink | undefined;
  #news: Telling[] | undefined;

  /** @param sink absent: somebody is to come. */
  constructor(sink: SpawnSink | undefined) {
    this.#sink = sink;
    this.#news = sink === undefined ? [] : undefined;
  }

  get sink(): SpawnSink | undefined {
    return this.#sink;
  }

  tell(say: Telling): void {
    if (this.#sink !== undefined) say(this.#sink);
    else this.#news?.push(say);
  }

  /** Somebody has come. Gives what is to be told first. */
  enter(sink: SpawnSink): readonly Telling[] {
    const news = this.#news ?? [];
    this.#news = undefined;
    this.#sink = sink;
    return news;
  }

  /** Nobody is to hear anything more; gives who would have. */
  end(): SpawnSink | undefined {
    const sink = this.#sink;
    this.#sink = undefined;
    this.#news = undefined;
    return sink;
  }
}
