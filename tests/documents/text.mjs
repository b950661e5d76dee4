// Reads JSON lines [update as base64] and prints the text that yjs makes of each draft.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../../labextension/package.json', import.meta.url));
const Y = require('yjs');

for await (const line of createInterface({ input: process.stdin })) {
  const doc = new Y.Doc();
  for (const update of JSON.parse(line)) {
    Y.applyUpdate(doc, Buffer.from(update, 'base64'));
  }
  process.stdout.write(JSON.stringify(doc.getText('body').toString()) + '\n');
}
