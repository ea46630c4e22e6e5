/** Says again and again that this side of a connection is there: PROTOCOL.md 12.10. */
import type { Cancel, Clock } from '../../clock.ts';
import type { Link } from '../../transport/index.ts';

/** How often, in milliseconds: a third of the time after which either side would think that the other is not. */
const STILL_MS = 20_000;

/** Says so until what it returns is called. */
export function sayStill(clock: Clock, link: Pick<Link, 'send'>): Cancel {
  let cancel: Cancel = () => {};
  const say = (): void => {
    cancel = clock.after(STILL_MS, () => {
      link.send({ still: {} });
      say();
    });
  };
  say();
  return () => cancel();
}
