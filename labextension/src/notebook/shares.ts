import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IGroupChat } from '../model/interfaces';
import { Shelf } from '../model/shelf';

/** A cell that this person shares from this browser. */
export interface IShare {
  /** The share's id, chosen here. */
  readonly id: string;
  readonly thread: string;
  /** The notebook's path on the server. */
  readonly notebook: string;
  readonly cellId: string;
  /** It follows the notebook; otherwise it stays as it was. */
  readonly live: boolean;
  /** A digest of what was sent last. */
  readonly sent: string;
}

/**
 * Which cells this person shares, and with which threads.
 *
 * Kept in the browser and not in the notebook: whoever else opens the file need not know with whom it was discussed.
 */
export class Shares implements IDisposable {
  constructor(
    private readonly chat: IGroupChat,
    server: string
  ) {
    this.shelf = new Shelf(
      () => chat.me && `${server}${chat.me.username}/shares`
    );
    chat.changed.connect(this.onChat, this);
    window.addEventListener('storage', this);
    this.onChat();
  }

  /** Emitted when shares came or went. */
  readonly changed = new Signal<this, void>(this);

  /** The shares of a notebook. */
  of(notebook: string): readonly IShare[] {
    return this.list.filter(share => share.notebook === notebook);
  }

  /** The shares with a thread. */
  in(thread: string): readonly IShare[] {
    return this.list.filter(share => share.thread === thread);
  }

  get(id: string): IShare | undefined {
    return this.list.find(share => share.id === id);
  }

  put(share: IShare): void {
    this.shelf.put(share.id, share);
    this.list = [...this.list.filter(({ id }) => id !== share.id), share];
    this.changed.emit();
  }

  delete(id: string): void {
    this.shelf.remove(id);
    this.list = this.list.filter(share => share.id !== id);
    this.changed.emit();
  }

  /** A notebook was renamed or moved. */
  move(from: string, to: string): void {
    this.of(from).forEach(share => this.put({ ...share, notebook: to }));
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    this.chat.changed.disconnect(this.onChat, this);
    window.removeEventListener('storage', this);
    Signal.clearData(this);
  }

  /** @internal Another window changed something. */
  handleEvent(): void {
    this.read();
  }

  private onChat(): void {
    const { me, threads, loaded } = this.chat;
    if (me && this.username !== me.username) {
      this.username = me.username;
      this.read();
    }
    if (loaded && this.threads !== threads) {
      this.threads = threads;
      const known = new Set(threads.map(({ id }) => id));
      this.list
        .filter(({ thread }) => !known.has(thread))
        .forEach(({ id }) => this.delete(id));
    }
  }

  private read(): void {
    const list = this.shelf.all<IShare>();
    if (JSON.stringify(list) !== JSON.stringify(this.list)) {
      this.list = list;
      this.changed.emit();
    }
  }

  private readonly shelf: Shelf;
  private list: readonly IShare[] = [];
  private username: string | undefined;
  private threads: IGroupChat['threads'] | undefined;
  private disposed = false;
}
