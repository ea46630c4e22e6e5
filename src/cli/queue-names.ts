/** How jobs of the queue, times and numbers of tasks are written on command lines. */
import { UsageError } from './arguments.ts';

/** A job, or one task of an array: `12`, `12[3]`. */
export interface JobName {
  readonly job: number;
  readonly task?: number;
}

/** @throws UsageError for what is no job's number. */
export function jobName(text: string): JobName {
  const [, job, task] = /^([1-9]\d{0,14})(?:\[(\d{1,6})\])?$/.exec(text) ?? [];
  if (job === undefined)
    throw new UsageError(
      `${JSON.stringify(text)} is no job: give a number such as 12, or 12[3] for task 3 of an array`,
    );
  return task === undefined ? { job: Number(job) } : { job: Number(job), task: Number(task) };
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds of `90s`, `15m`, `2h`, `1d`, or `HH:MM:SS`. @throws UsageError. */
export function duration(option: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && Number(count) > 0) return Number(count) * (UNITS[unit] ?? 0) * 1000;
  const [, hours, minutes, seconds] = /^(\d{1,6}):([0-5]\d):([0-5]\d)$/.exec(text) ?? [];
  const sum = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (sum > 0) return sum * 1000;
  throw new UsageError(`${option} is ${JSON.stringify(text)}: give 90s, 15m, 2h, 1d or HH:MM:SS`);
}

/** Numbers of `0-9,12`, or `0-100:10` in steps. @throws UsageError. */
export function taskNumbers(option: string, text: string, most: number): readonly number[] {
  const found: number[] = [];
  for (const part of text.split(',')) {
    const [, from, to = from, step = '1'] = /^(\d{1,6})(?:-(\d{1,6}))?(?::([1-9]\d{0,5}))?$/.exec(part) ?? [];
    if (from === undefined)
      throw new UsageError(`${option} is ${JSON.stringify(text)}: give numbers such as 0-9,12 or 0-100:10`);
    for (let task = Number(from); task <= Number(to); task += Number(step)) {
      found.push(task);
      if (found.length > most)
        throw new UsageError(`${option} is ${JSON.stringify(text)}: that is more than ${most} tasks`);
    }
  }
  return found;
}

/** Milliseconds as people read them: `0:42`, `1:02:03`. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
