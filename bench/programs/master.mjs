/** A master of its own process. Arguments: the address it listens on, and with TLS its state directory. */
import { answer, library } from './answer.mjs';

const [, , listen, stateDir] = process.argv;
const master = await library.startMaster({ listen, ...(stateDir === undefined ? {} : { stateDir }) });

/** A one-time token, for a slave or a client. */
async function token(options) {
  const client = await library.connect({ master: () => master.connect() });
  try {
    return (await client.createToken(options)).text;
  } finally {
    await client[Symbol.asyncDispose]();
  }
}

answer({ address: () => master.addresses[0], token, imageBytesSent: () => master.imageBytesSent }, () =>
  master[Symbol.asyncDispose](),
);
