/** A slave says what it holds, the table says what it should: PROTOCOL.md 3.6. The slave is right. */

import type { ProcessReport } from '../../wire/index.ts';
import { idText } from '../ids.ts';
import { lose } from './ends.ts';
import { hearMoveNews, hearWaiting } from './move-news.ts';
import { goOn, sendDepart } from './moves.ts';
import { reported } from './reported.ts';
import { sendStart } from './starts.ts';
import type { MasterNode, MasterTurn } from './state.ts';
import { tellAway } from './tables.ts';
import { command } from './tell.ts';

/** Makes the table agree with a slave that has just said everything. */
export function reconcile(turn: MasterTurn, node: MasterNode, reports: readonly ProcessReport[]): void {
  const held = new Set<string>();
  const clients = new Set<string>();
  for (const report of reports) {
    held.add(idText(report.puid));
    clients.add(idText(report.client));
    reported(turn, node, report);
  }
  // what has left it is not lost
  const { moveNews } = node;
  node.moveNews = [];
  for (const news of moveNews) hearMoveNews(turn, node, news);
  for (const process of [...node.processes]) {
    turn.state.deadlines.clear(`lose ${process.key}`);
    if (held.has(process.key)) {
      sendDepart(turn, process);
      continue;
    }
    if (process.move !== undefined) {
      // it stood still on its way, and where it was it does not run any more
      goOn(turn, process);
      continue;
    }
    if (process.state === 'starting') sendStart(turn, process);
    else lose(turn, process, `node ${node.node}: ${node.loss ?? 'its slave has no record of it'}`);
  }
  node.loss = undefined;
  tellAway(turn, node);
  hearWaiting(turn, node);
  for (const client of clients) {
    if (turn.state.goneClients.has(client)) command(turn, node, { clientGone: { client: Buffer.from(client, 'hex') } });
  }
}
