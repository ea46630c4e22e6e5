/** What came of a job, for programs and for people. */
import { describeEnd, exitCodeOf, isSuccess, type ProcessEnd } from '../bproc/index.ts';
import type { BprocError } from '../errors.ts';

/** The exit code of a job that took too long, as `timeout(1)` has it. */
export const EXIT_TOO_LONG = 124;

/** What became of one rank. */
export interface RankReport {
  readonly rank: number;
  readonly node: number;
  /** Global; 0 where it never ran. */
  readonly pid: number;
  /** How it ended, or what kept it from starting. */
  readonly end: ProcessEnd | BprocError;
}

/** Why a job ended before its ranks did by themselves. */
export type JobCause =
  | { readonly kind: 'aborted'; readonly rank: number; readonly code: number; readonly message: string }
  /** A rank ended badly, or could not be started. */
  | { readonly kind: 'failed'; readonly rank: number }
  /** A job that it has spawned went wrong. */
  | { readonly kind: 'spawned'; readonly report: JobReport }
  | { readonly kind: 'timedOut'; readonly afterMs: number }
  | { readonly kind: 'cancelled' };

/** What came of a job. */
export interface JobReport {
  /** 0 where all ranks ended with 0; else that of whoever ended it. */
  readonly exitCode: number;
  /** In their order, those of spawned jobs left out. */
  readonly ranks: readonly RankReport[];
  /** What ended it; undefined: its ranks did, each by itself. */
  readonly cause: JobCause | undefined;
  /** Lines for people about what went wrong; none where nothing did. */
  readonly lines: readonly string[];
}

/** Puts a report together. */
export function reportOf(ranks: readonly RankReport[], cause: JobCause | undefined): JobReport {
  const culprit = cause === undefined || !('rank' in cause) ? undefined : ranks.find(({ rank }) => rank === cause.rank);
  return { exitCode: codeOf(ranks, cause, culprit), ranks, cause, lines: linesOf(ranks, cause, culprit) };
}

function codeOf(ranks: readonly RankReport[], cause: JobCause | undefined, culprit: RankReport | undefined): number {
  switch (cause?.kind) {
    case 'aborted':
      return cause.code === 0 ? 1 : cause.code;
    case 'spawned':
      return cause.report.exitCode;
    case 'timedOut':
      return EXIT_TOO_LONG;
    case 'failed':
      return culprit === undefined ? 1 : exitCodeOfRank(culprit);
    case 'cancelled':
      return 130;
    default:
      return ranks.map(exitCodeOfRank).find((code) => code !== 0) ?? 0;
  }
}

function exitCodeOfRank({ end }: RankReport): number {
  return 'kind' in end ? exitCodeOf(end) : 1;
}

function linesOf(
  ranks: readonly RankReport[],
  cause: JobCause | undefined,
  culprit: RankReport | undefined,
): readonly string[] {
  if (cause === undefined) return [];
  const others = ranks.length - (culprit === undefined ? 0 : 1);
  const rest =
    others > 0 && cause.kind !== 'cancelled'
      ? [`the other ${others === 1 ? 'rank was' : `${others} ranks were`} ended`]
      : [];
  switch (cause.kind) {
    case 'cancelled':
      return ['the job was cancelled'];
    case 'spawned':
      return [...cause.report.lines.map((line) => `of a job that was spawned: ${line}`), ...rest];
    case 'timedOut':
      return [`the job was ended: it took longer than ${cause.afterMs / 1000} s`, ...running(ranks)];
    case 'aborted': {
      const where = culprit === undefined ? `rank ${cause.rank}` : nameOf(culprit);
      return [`${where} ended the job with code ${cause.code}: ${cause.message}`, ...rest];
    }
    default:
      return culprit === undefined ? [] : [describeRank(culprit), ...rest];
  }
}

/** Which ranks were in the way of the end. */
function running(ranks: readonly RankReport[]): readonly string[] {
  return ranks.filter(({ end }) => !('kind' in end && isSuccess(end))).map(describeRank);
}

/** One line: which rank, where, and what became of it. */
export function describeRank(report: RankReport): string {
  const { end } = report;
  return `${nameOf(report)} ${'kind' in end ? describeEnd(end) : `could not be started: ${end.message}`}`;
}

function nameOf({ rank, node, pid }: RankReport): string {
  return `rank ${rank} on node ${node}${pid === 0 ? '' : ` (pid ${pid})`}`;
}
