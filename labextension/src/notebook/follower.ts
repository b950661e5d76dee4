import type { ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import { Problem } from '../client/problem';
import type { IGroupChat } from '../model/interfaces';
import { contentOf, digestOf } from './cellContent';
import type { IShare, Shares } from './shares';

/** How long changes are collected before they are sent, in milliseconds. */
const REST = 200;
/** How long to wait after a failure that will pass, in milliseconds. */
const WAIT = 3_000;

/** Sends what changes in the live shared cells of one open notebook, and nothing of its other cells. */
export class Follower implements IDisposable {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly chat: IGroupChat,
    private readonly shares: Shares
  ) {
    this.path = panel.context.localPath;
    panel.disposed.connect(this.dispose, this);
    panel.context.pathChanged.connect(this.onPath, this);
    shares.changed.connect(this.attach, this);
    void panel.context.ready.then(() => {
      if (!this.disposed) {
        panel.model?.cells.changed.connect(this.attach, this);
        this.attach();
      }
    });
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.timers.forEach(timer => clearTimeout(timer));
      Signal.clearData(this);
    }
  }

  /** Listen to the cells that are shared now. */
  private attach(): void {
    const { model } = this.panel;
    if (!model || !this.panel.context.isReady) {
      return;
    }
    const live = this.shares.of(this.path).filter(share => share.live);
    const cells = new Map([...model.cells].map(cell => [cell.id, cell]));
    const heard = new Set<ICellModel>();
    for (const share of live) {
      const cell = cells.get(share.cellId);
      if (cell) {
        heard.add(cell);
        if (digestOf(contentOf(cell)) !== share.sent) {
          this.schedule(share.id);
        }
      }
    }
    this.heard.forEach(cell => {
      if (!heard.has(cell)) {
        cell.contentChanged.disconnect(this.onContent, this);
      }
    });
    heard.forEach(cell => cell.contentChanged.connect(this.onContent, this));
    this.heard = heard;
  }

  private onContent(cell: ICellModel): void {
    this.shares
      .of(this.path)
      .filter(share => share.live && share.cellId === cell.id)
      .forEach(share => this.schedule(share.id));
  }

  private schedule(id: string, wait = REST): void {
    if (!this.timers.has(id)) {
      this.timers.set(
        id,
        setTimeout(() => void this.send(id), wait)
      );
    }
  }

  private async send(id: string): Promise<void> {
    // The timer stays until the answer is here: one update of a share is under way at a time.
    const share = this.shares.get(id);
    const cell = share && this.cellOf(share);
    let wait: number | null = null;
    if (share?.live && cell) {
      const content = contentOf(cell);
      const sent = digestOf(content);
      if (sent !== share.sent) {
        wait = await this.put(share, content, sent);
      }
    }
    this.timers.delete(id);
    if (wait !== null && !this.disposed) {
      this.schedule(id, wait);
    }
  }

  /** When to look again, in milliseconds; null when there is nothing to do. */
  private async put(
    share: IShare,
    content: ReturnType<typeof contentOf>,
    sent: string
  ): Promise<number | null> {
    const { id, thread, notebook } = share;
    const cell = { share: id, notebook, live: true, update: true, ...content };
    try {
      await this.chat.putCell(thread, cell);
    } catch (error) {
      const problem = Problem.of(error);
      if (problem.passing) {
        return WAIT;
      }
      if (problem.code === 'not_found') {
        this.shares.delete(id);
        return null;
      }
    }
    // A version that the server will never take is not offered again.
    const current = this.shares.get(id);
    if (current) {
      this.shares.put({ ...current, sent });
    }
    return REST;
  }

  private cellOf(share: IShare): ICellModel | undefined {
    const cells = this.disposed ? [] : [...(this.panel.model?.cells ?? [])];
    return cells.find(({ id }) => id === share.cellId);
  }

  private onPath(): void {
    const { localPath: path } = this.panel.context;
    this.shares.move(this.path, path);
    this.path = path;
    this.shares.of(path).forEach(share => {
      this.shares.put({ ...share, sent: '' }); // the thread shows the notebook's name
    });
  }

  private path: string;
  private heard = new Set<ICellModel>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private disposed = false;
}
