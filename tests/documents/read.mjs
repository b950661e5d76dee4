// Reads JSON lines {update: base64, of: "page" | "thread"} and prints what yjs makes of each document.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../../labextension/package.json', import.meta.url));
const Y = require('yjs');

for await (const line of createInterface({ input: process.stdin })) {
  const { updates, of } = JSON.parse(line);
  const doc = new Y.Doc();
  for (const update of updates) {
    Y.applyUpdate(doc, Buffer.from(update, 'base64'));
  }
  const roots =
    of === 'page' ? ['messages'] : ['meta', 'members', 'cells', 'files', 'marks', 'drafts'];
  const read = Object.fromEntries(roots.map(root => [root, doc.getMap(root).toJSON()]));
  const texts = {};
  const holder = doc.getMap(of === 'page' ? 'messages' : 'cells');
  for (const [id, value] of holder) {
    texts[id] = value.get(of === 'page' ? 'body' : 'source') instanceof Y.Text;
  }
  const state = Buffer.from(Y.encodeStateVector(doc)).toString('base64');
  process.stdout.write(JSON.stringify({ ...read, texts, state }) + '\n');
}
