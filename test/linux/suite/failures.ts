/** What every engine says where a program cannot be started. */
import { constants, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request } from '../recorder.ts';
import type { SpawnerBench } from './bench.ts';

/** Tests it on the spawner of `bench`. */
export function describeFailures(bench: SpawnerBench): void {
  describe('failing to start', () => {
    it('ENOENT names a program that is not there', async () => {
      const error = await bench.failure(request('/no/such/program'));
      expect(error).toMatchObject({ code: 'ENOENT', message: expect.stringContaining('/no/such/program') });
      expect(await bench.failure(request('no-such-program'))).toMatchObject({ code: 'ENOENT' });
    });

    it('ENOENT names a working directory that is not there', async () => {
      const cwd = join(bench.path, 'missing');
      const error = await bench.failure(request('/bin/true', [], { cwd }));
      expect(error.code).toBe('ENOENT');
      expect(error.message).toMatch(/working directory ".*missing" does not exist/);
      expect(await bench.failure(request('/bin/true', [], { cwd: '' }))).toMatchObject({ code: 'ENOENT' });
    });

    it('ENOTDIR names a working directory that is a file', async () => {
      const error = await bench.failure(request('/bin/true', [], { cwd: '/etc/passwd' }));
      expect(error).toMatchObject({ code: 'ENOTDIR', message: expect.stringContaining('/etc/passwd') });
    });

    it('EACCES names what is not executable', async () => {
      const file = join(bench.path, 'plain');
      writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 });
      expect(await bench.failure(request(file))).toMatchObject({
        code: 'EACCES',
        message: expect.stringContaining(file),
      });
      const inPath = request('plain', [], { env: { PATH: bench.path } });
      expect(await bench.failure(inPath)).toMatchObject({ code: 'EACCES', message: expect.stringContaining(file) });
      expect(await bench.failure(request(bench.path))).toMatchObject({ code: 'EACCES' });
    });

    it('ENOENT names an interpreter that is not there', async () => {
      const file = join(bench.path, 'script');
      writeFileSync(file, '#!/no/such/interpreter -x\n', { mode: 0o755 });
      const error = await bench.failure(request(file));
      expect(error).toMatchObject({ code: 'ENOENT', message: expect.stringContaining('/no/such/interpreter') });
    });

    it('ENOEXEC names a file of no known format, by path and through PATH', async () => {
      const file = join(bench.path, 'garbage');
      writeFileSync(file, 'sleep 600\n', { mode: 0o755 });
      expect(await bench.failure(request(file))).toMatchObject({
        code: 'ENOEXEC',
        message: expect.stringContaining(file),
      });
      const inPath = request('garbage', [], { env: { PATH: `${bench.path}:/bin` } });
      expect(await bench.failure(inPath)).toMatchObject({ code: 'ENOEXEC' });
      writeFileSync(file, '', { mode: 0o755 });
      expect(await bench.failure(request(file))).toMatchObject({ code: 'ENOEXEC' });
    });

    it('E2BIG says that the arguments are too long', async () => {
      expect(await bench.failure(request('/bin/true', ['x'.repeat(200_000)]))).toMatchObject({ code: 'E2BIG' });
    });

    it('EINVAL refuses NUL bytes and unusable markers', async () => {
      expect(await bench.failure(request('/bin/true', ['a\0b']))).toMatchObject({ code: 'EINVAL' });
      for (const marker of ['', 'two words', 'line\nbreak']) {
        expect(await bench.failure(request('/bin/true', [], { marker }))).toMatchObject({ code: 'EINVAL' });
      }
    });

    it('names the descriptor and the file that cannot be opened', async () => {
      const missing = { file: '/no/such/file', flags: constants.O_RDONLY, mode: 0 };
      const input = await bench.failure(request('cat', [], { stdio: [missing, 'pipe', 'pipe'] }));
      expect(input).toMatchObject({ code: 'ENOENT', message: expect.stringMatching(/stdin.*\/no\/such\/file/) });
      const directory = { file: '/tmp', flags: constants.O_WRONLY, mode: 0 };
      const errors = await bench.failure(request('cat', [], { stdio: ['ignore', 'pipe', directory] }));
      expect(errors).toMatchObject({ code: 'EISDIR', message: expect.stringMatching(/stderr.*\/tmp/) });
      const through = { file: '/etc/passwd/x', flags: constants.O_RDONLY, mode: 0 };
      expect(await bench.failure(request('cat', [], { stdio: [through, 'pipe', 'pipe'] }))).toMatchObject({
        code: 'ENOTDIR',
      });
    });
  });
}
