/** Placeholders on the front end of what runs on nodes. */
export { type GhostOptions, Ghosts, startGhosts } from './ghosts.ts';
