/** What a caller holds of a process that never was, or is nobody's. */
import type { SpawnedProcess } from './spawner.ts';

/** Nothing can be done to it. */
export class NoProcess implements SpawnedProcess {
  write(): void {}
  endStdin(): void {}
  pause(): void {}
  resume(): void {}
  closeOutput(): void {}
  discardOutput(): void {}
  acknowledge(): void {}
  forget(_name?: Uint8Array): void {}
  note(): void {}
  resize(): void {}
  release(): void {}

  async signal(): Promise<boolean> {
    return false;
  }
}
