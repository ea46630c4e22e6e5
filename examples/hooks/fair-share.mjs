/**
 * A fair share: while several users have jobs, each has at most his share of the processors, and what is more of his jobs shares these. A user who is
 * alone has all of them.
 *
 *     const hooks = await loadHooks([fairShare({ shares: { 1000: 2, 1001: 1 } })]);
 *     await runJob(bp, 'work', [], { np: 64, hooks });
 */

/** @param shares of users, by uid; of one who is not named 1. */
export function fairShare({ shares = {} } = {}) {
  /** How many jobs of each user run. */
  const running = new Map();
  const weight = (uid) => shares[uid] ?? 1;
  const count = (uid, more) => {
    const jobs = (running.get(uid) ?? 0) + more;
    if (jobs > 0) running.set(uid, jobs);
    else running.delete(uid);
  };
  return {
    name: 'fair-share',
    map: ({ np, uid, nodes, idleBelow }) => {
      const cpus = nodes.flatMap(({ node, cpus: all, load }) => {
        return Array.from({ length: all }, (_, cpu) => ({ node, busy: (load[cpu] ?? 0) >= idleBelow }));
      });
      // the idle ones first
      cpus.sort((a, b) => Number(a.busy) - Number(b.busy));
      const users = new Set([...running.keys(), uid]);
      const all = [...users].reduce((sum, user) => sum + weight(user), 0);
      const most = Math.max(1, Math.floor((cpus.length * weight(uid)) / all));
      const own = cpus.slice(0, Math.min(np, most));
      const slots = Array.from({ length: np }, (_, rank) => own[rank % own.length].node);
      return { slots: slots.sort((a, b) => a - b) };
    },
    onStart: ({ uid }) => count(uid, 1),
    onEnd: ({ uid }) => count(uid, -1),
  };
}

/** Everybody alike, for `loadHooks(['./fair-share.mjs'])`. */
export const hooks = fairShare();
