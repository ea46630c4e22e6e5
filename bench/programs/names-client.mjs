/** A client that looks names up. Argument: the master's address. */
import { createNss } from 'bproc/nss';
import { answer, library } from './answer.mjs';

const client = await library.connect({ master: process.argv[2] });
let questions = 0;
const counted = {
  askService: (...args) => {
    questions += 1;
    return client.askService(...args);
  },
  currNode: () => client.currNode(),
  isConnected: true,
  nodeList: (...args) => client.nodeList(...args),
};
const nss = createNss(counted, { switch: 'passwd: kickback\nhosts: kickback' });
const median = (all) => all.sort((a, b) => a - b)[all.length >> 1];

/** Milliseconds of so many look-ups of a thousand names that were looked up before, one after another. */
async function cached({ count }) {
  for (let at = 0; at < 1000; at += 1) await nss.getpwnam(`user${at}`);
  const from = performance.now();
  for (let at = 0; at < count; at += 1) await nss.getpwnam(`user${at % 1000}`);
  return performance.now() - from;
}

/** Milliseconds of a look-up of a name of a node that nobody has looked up yet, and of a question to the master that finds nothing out. */
async function cold({ count }) {
  const names = [];
  const others = [];
  questions = 0;
  for (let at = 0; at < count; at += 1) {
    const from = performance.now();
    await nss.gethostbyname(`n${at}`);
    const between = performance.now();
    await client.numNodes();
    names.push(between - from);
    others.push(performance.now() - between);
  }
  return { questions: questions / count, name: median(names), other: median(others) };
}

/** Has the slaves of so many nodes asked for one user at the same moment: milliseconds to the last answer. */
async function crowd({ nodes, question }) {
  const from = performance.now();
  const body = Buffer.from(question, 'hex');
  await Promise.all(Array.from({ length: nodes }, (_, node) => client.askService('nss', body, { node })));
  return performance.now() - from;
}

answer({ cached, cold, crowd, nodes: () => client.numNodes() }, () => client[Symbol.asyncDispose]());
