import { describe, expect, it } from 'vitest';

import { IMessage } from '../../model/interfaces';
import { lastSeen } from './seen';

function reply(
  cells: { [share: string]: string },
  status: IMessage['status'] = 'complete'
): IMessage {
  return { status, reply: { seen: { messages: 1, cells } } } as IMessage;
}

describe('lastSeen', () => {
  it('is what the newest finished reply saw of each cell', () => {
    const seen = lastSeen([
      reply({ a: '1', b: '1' }),
      { status: 'complete' } as IMessage,
      reply({ a: '2' }),
      reply({ a: '3' }, 'failed')
    ]);
    expect([...seen]).toEqual([
      ['a', '2'],
      ['b', '1']
    ]);
  });
});
