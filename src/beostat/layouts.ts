/**
 * Layouts that are the same are kept once and said once: nearly all nodes of a cluster have the same devices, and each names them again
 * whenever it connects. PROTOCOL.md 13.3.
 */
import { BprocError } from '../errors.ts';
import type { Init, StatAnswerLayout, StatLayout, StatNode, StatQuestion } from '../wire/index.ts';
import { type Layout, layoutOf, wireLayout } from './layout.ts';

/** Layouts that an asker says it has, of those that it heard of last. */
const MOST_KNOWN = 64;
/** What is said of a device or a field besides its name, in bytes. */
const NAME_BYTES = 4;

/** A master's: of those that are the same one object, for as long as somebody has it. Nothing is kept for nodes that are gone. */
export class SharedLayouts {
  readonly #known = new Map<string, WeakRef<Layout>>();
  readonly #gone = new FinalizationRegistry<string>((digest) => {
    if (this.#known.get(digest)?.deref() === undefined) this.#known.delete(digest);
  });

  /** @throws BprocError EINVAL for more than a sample may have. */
  of(wire: StatLayout): Layout {
    const made = layoutOf(wire);
    const digest = textOf(made.digest);
    const known = this.#known.get(digest)?.deref();
    if (known !== undefined) return known;
    this.#known.set(digest, new WeakRef(made));
    this.#gone.register(made, digest);
    return made;
  }
}

/** Those of one answer: each is said at most once, and not to whoever has it. */
export class ToldLayouts {
  readonly told: Init<StatAnswerLayout>[] = [];
  readonly #isShared: boolean;
  readonly #known: ReadonlySet<string>;
  readonly #places = new Map<Layout, number>();

  constructor({ share, known }: StatQuestion) {
    this.#isShared = share;
    this.#known = new Set(known.map(textOf));
  }

  /** What a node's answer has of its layout, and how many bytes it takes to say that. */
  tell(layout: Layout): { readonly said: Init<StatNode>; readonly bytes: number } {
    if (!this.#isShared) return { said: { layout: wireLayout(layout) }, bytes: sizeOf(layout) };
    const place = this.#places.get(layout);
    if (place !== undefined) return { said: { layoutAt: place }, bytes: 0 };
    const { digest } = layout;
    const isKnown = this.#known.has(textOf(digest));
    this.told.push(isKnown ? { digest } : { digest, layout: wireLayout(layout) });
    this.#places.set(layout, this.told.length);
    return { said: { layoutAt: this.told.length }, bytes: digest.length + (isKnown ? 0 : sizeOf(layout)) };
  }
}

/** Those that an asker has, by their digests, as they were when it asked. */
export type KnownLayouts = ReadonlyMap<string, Layout>;

/** An asker's. */
export class HeardLayouts {
  /** Those that were heard of last are at the end. */
  readonly #known = new Map<string, Layout>();

  /** What it has now: an answer may leave out each of them. */
  get known(): KnownLayouts {
    return new Map(this.#known);
  }

  /** The layouts of an answer, in their order. @throws BprocError EPROTO where one is left out that was not known. */
  hear(told: readonly StatAnswerLayout[], known: KnownLayouts): readonly Layout[] {
    return told.map(({ digest, layout: wire }) => {
      const name = textOf(digest);
      const layout = this.#known.get(name) ?? (wire === null ? known.get(name) : layoutOf(wire));
      if (layout === undefined) throw new BprocError('EPROTO', 'the master left out a layout that it never told');
      this.#known.delete(name);
      this.#known.set(name, layout);
      for (const oldest of this.#known.keys()) {
        if (this.#known.size <= MOST_KNOWN) break;
        this.#known.delete(oldest);
      }
      return layout;
    });
  }
}

/** What a question says of them. */
export function askShared(known: KnownLayouts): Pick<Init<StatQuestion>, 'share' | 'known'> {
  return { share: true, known: [...known.keys()].map((digest) => Buffer.from(digest, 'latin1')) };
}

function textOf(digest: Uint8Array): string {
  return Buffer.from(digest).toString('latin1');
}

function sizeOf({ sources }: Layout): number {
  return sources
    .flatMap(({ fields, devices }) => [...fields, ...devices])
    .reduce((sum, name) => sum + name.length + NAME_BYTES, 0);
}
