// The states that spans can be in while questions are asked. Each is {name, load, ask, holds}: what becomes of what was
// loaded before when more is loaded (load) and when questions follow (ask), both giving the server that runs from then
// on; and whether what the server says of its store (`stored` of /status) is that state.
import { startServer } from '../../harness/server.mjs';

const nothing = async (server) => server;

async function seal(server) {
  await server.seal();
  return server;
}

async function compact(server) {
  await server.compact();
  return server;
}

// kill -9, and what is found then.
async function reopen(server, t) {
  await server.kill();
  return startServer(t, { dataDir: server.dataDir });
}

const allInBlocks = (stored) => stored.spansLive === '0' && stored.blocks !== '0';

export const STATES = [
  { name: 'live', load: nothing, ask: nothing, holds: (stored) => stored.blocks === '0' },
  { name: 'sealed', load: nothing, ask: seal, holds: allInBlocks },
  { name: 'a block for each load', load: seal, ask: seal, holds: allInBlocks },
  {
    name: 'compacted',
    load: seal,
    ask: compact,
    holds: (stored) => allInBlocks(stored) && stored.blocks === '1',
  },
  // From blocks, and the last load from the log.
  { name: 'reopened', load: seal, ask: reopen, holds: (stored) => stored.spansLive !== '0' },
];
