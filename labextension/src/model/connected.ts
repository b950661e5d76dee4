import type { Api } from '../client/api';
import type { Socket } from '../client/socket';
import type { IMe } from './interfaces';
import type { Outbox } from './outbox';
import type { Shelf } from './shelf';

/** What the threads of one signed-in person share. */
export interface IConnected {
  readonly socket: Socket;
  readonly api: Api;
  readonly outbox: Outbox;
  readonly drafts: Shelf;
  /** Null until the server said who is signed in. */
  readonly me: IMe | null;
}
