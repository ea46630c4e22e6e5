/** Starts a command and passes its output on. Arguments: a unix socket, the command. */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';

const [, , path, file, ...args] = process.argv;
const socket = connect(path, () => {
  spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout.pipe(socket);
});
