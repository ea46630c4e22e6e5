/** What ranks want of their launcher besides a start, by clients that speak PMI-1 by hand, over both ways to the server. */
import { describe, expect, it } from 'vitest';
import { startCluster } from '../../src/index.ts';
import { type LaunchOptions, launch } from '../../src/mpi/index.ts';

/** A program in shell that says lines to its server, and shows what it is answered. */
const BY_DESCRIPTOR = 'ask() { printf "$1\\n" >&$PMI_FD; read -r answer <&$PMI_FD; echo "$answer"; }';
/** The same over a port, by bash. */
const BY_PORT = `exec 5<>/dev/tcp/\${PMI_PORT%%:*}/\${PMI_PORT##*:}; PMI_FD=5
printf "cmd=initack pmiid=$PMI_ID\\n" >&5
for i in 1 2 3 4; do read -r line <&5; case $line in *rank=*) PMI_RANK=\${line##*=};; *size=*) PMI_SIZE=\${line##*=};; esac; done`;

describe.each(['holder', 'child_process'] as const)('by the engine %s', (spawner) => {
  const script = (text: string) => {
    const ask = `${spawner === 'holder' ? '' : BY_PORT}\n${BY_DESCRIPTOR}\nask "cmd=init pmi_version=1 pmi_subversion=1" >&2\n`;
    return ['bash', '-c', `${ask}${text}\nask cmd=finalize >&2`];
  };

  async function run(options: LaunchOptions): Promise<{ readonly lines: readonly string[]; readonly code: number }> {
    await using cluster = await startCluster({ nodes: 2, spawner });
    await using job = await launch(cluster.client, { stdio: 'merged', ...options });
    const stderr = job.stderr.setEncoding('utf8').toArray();
    const lines = (await job.stdout.setEncoding('utf8').toArray())
      .join('')
      .split('\n')
      .filter((line) => line !== '');
    const { exitCode } = await job.wait();
    expect((await stderr).join('')).not.toContain('bash:');
    return { lines: lines.sort(), code: exitCode };
  }

  it('ranks find each other over barriers, on two nodes', async () => {
    const text = `ask "cmd=put kvsname=k key=from$PMI_RANK value=rank $PMI_RANK of $PMI_SIZE" >&2
ask cmd=barrier_in >&2
ask "cmd=get kvsname=k key=from$(( ($PMI_RANK + 1) % PMI_SIZE ))"`;
    const { lines, code } = await run({ argv: script(text), map: '0:0:1:1' });
    expect(code).toBe(0);
    expect(lines).toEqual([0, 1, 2, 3].map((rank) => `cmd=get_result rc=0 msg=success value=rank ${rank} of 4`));
  });

  it('a rank publishes a name that another looks up', async () => {
    const text = `if [ $PMI_RANK = 0 ]; then ask "cmd=publish_name service=s port=tag#1"; ask cmd=barrier_in >&2; ask cmd=barrier_in >&2; ask "cmd=unpublish_name service=s"
else ask cmd=barrier_in >&2; ask "cmd=lookup_name service=s"; ask cmd=barrier_in >&2; fi`;
    const { lines } = await run({ argv: script(text), map: '0:1' });
    expect(lines).toEqual([
      'cmd=lookup_result port=tag#1 info=ok rc=0 msg=success',
      'cmd=publish_result info=ok rc=0 msg=success',
      'cmd=unpublish_result info=ok rc=0 msg=success',
    ]);
  });

  it('a rank spawns others, who find what it has for them, and are of the same job', async () => {
    const child = `${spawner === 'holder' ? '' : BY_PORT}\n${BY_DESCRIPTOR}
ask "cmd=init pmi_version=1 pmi_subversion=1" >&2
echo "child $PMI_RANK of $PMI_SIZE on $BPROC_NODE $PMI_SPAWNED"; ask "cmd=get kvsname=k key=parent"; ask cmd=finalize >&2; exit $CODE`;
    const spawn = (code: number) => {
      const lines = [
        'mcmd=spawn',
        'nprocs=2',
        'execname=bash',
        'totspawns=1',
        'spawnssofar=1',
        'arg1=-c',
        'arg2=eval "$CHILD"',
        'argcnt=2',
        'preput_num=1',
        'preput_key_0=parent',
        'preput_val_0=me, the parent',
        'info_num=1',
        'info_key_0=host',
        'info_val_0=n1,n0',
        'endcmd',
      ];
      return { argv: script(`ask '${lines.join('\\n')}'`), map: '0', env: { CHILD: child, CODE: String(code) } };
    };
    const { lines, code } = await run(spawn(0));
    expect(lines).toEqual([
      'child 0 of 2 on 1 1',
      'child 1 of 2 on 0 1',
      'cmd=get_result rc=0 msg=success value=me, the parent',
      'cmd=get_result rc=0 msg=success value=me, the parent',
      'cmd=spawn_result rc=0 errcodes=0,0',
    ]);
    expect(code).toBe(0);
    expect((await run(spawn(5))).code).toBe(5);
  });

  it('who says what is no PMI-1 ends the job', async () => {
    const { code } = await run({ argv: script('ask "hello there"'), map: '0' });
    expect(code).toBe(1);
  });
});
