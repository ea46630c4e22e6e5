/** A master that counts what its sources of names are asked. Argument: the address it listens on. */
import { masterNames } from 'bproc/nss';
import { answer, library } from './answer.mjs';

/** How long a query takes, in milliseconds: as long as that of a directory server on the network. */
const QUERY_MS = 5;

let queries = 0;
const directory = {
  answer: ({ key }) => {
    queries += 1;
    const entry = { name: key, passwd: 'x', uid: 4711, gid: 4711, gecos: '', dir: '/', shell: '/bin/sh' };
    return new Promise((resolve) => setTimeout(resolve, QUERY_MS, { status: 'success', entries: [entry] }));
  },
};
const services = [masterNames({ switch: 'passwd: directory', sources: { directory } })];
const master = await library.startMaster({ listen: process.argv[2], services });

answer({ address: () => master.addresses[0], queries: () => queries }, () => master[Symbol.asyncDispose]());
