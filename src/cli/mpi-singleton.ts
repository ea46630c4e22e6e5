/** `mpiexec -pmi_args`: a program of MPICH's that was started by itself wants somebody to serve it, and has run this command for it. */
import { connect } from 'node:net';
import { Singleton } from '../mpi/index.ts';
import { connectToMaster } from './master-connection.ts';

/** Serves the program that listens at a port of this machine, until it is done. Gives the exit code. */
export async function serveSingleton(port: number): Promise<number> {
  const client = await connectToMaster();
  try {
    await using singleton = await Singleton.open(client, ({ stdout, stderr }) => {
      stdout.pipe(process.stdout, { end: false });
      stderr.pipe(process.stderr, { end: false });
    });
    const socket = connect({ host: '127.0.0.1', port });
    await singleton.serve(socket);
    return 0;
  } finally {
    await client[Symbol.asyncDispose]();
  }
}
