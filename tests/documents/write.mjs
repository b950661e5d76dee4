// Reads one JSON line {edits: [[[position, deleted, inserted]]], together} and prints what yjs makes of the edits: each
// list is one person's, who knows nothing of the others until the end.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../../labextension/package.json', import.meta.url));
const Y = require('yjs');

for await (const line of createInterface({ input: process.stdin })) {
  const { edits, together } = JSON.parse(line);
  const all = new Y.Doc();
  const updates = [];
  for (const steps of edits) {
    const doc = new Y.Doc();
    const body = doc.getText('body');
    const own = [];
    doc.on('update', update => own.push(update));
    for (const [position, deleted, inserted] of steps) {
      doc.transact(() => {
        body.delete(position, deleted);
        body.insert(position, inserted);
      });
    }
    updates.push(...(together ? [Y.encodeStateAsUpdate(doc)] : own));
  }
  updates.forEach(update => Y.applyUpdate(all, update));
  const base64 = data => Buffer.from(data).toString('base64');
  process.stdout.write(
    JSON.stringify({ updates: updates.map(base64), text: all.getText('body').toString() }) + '\n'
  );
}
