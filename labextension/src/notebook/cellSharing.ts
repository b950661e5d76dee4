import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import { Problem } from '../client/problem';
import { newId } from '../client/socket';
import type { IGroupChat, IThread } from '../model/interfaces';
import { contentOf, digestOf } from './cellContent';
import { Follower } from './follower';
import type { IShare, Shares } from './shares';

/** Shares cells of open notebooks with threads, and keeps live ones up to date. */
export class CellSharing {
  constructor(
    private readonly chat: IGroupChat,
    readonly shares: Shares,
    tracker: INotebookTracker
  ) {
    const follow = (panel: NotebookPanel) => {
      new Follower(panel, chat, shares);
    };
    tracker.forEach(follow);
    tracker.widgetAdded.connect((_, panel) => follow(panel));
  }

  /** Share cells with a thread; the share ids. A cell that is live there already keeps its share. */
  async share(
    panel: NotebookPanel,
    cells: readonly Cell[],
    thread: string
  ): Promise<string[]> {
    const notebook = panel.context.localPath;
    const known = this.shares.of(notebook).filter(s => s.thread === thread);
    return Promise.all(
      cells.map(async ({ model }) => {
        const old = known.find(s => s.live && s.cellId === model.id);
        const content = contentOf(model);
        const share: IShare = {
          id: old?.id ?? newId(),
          thread,
          notebook,
          cellId: model.id,
          live: true,
          sent: digestOf(content)
        };
        const { id, live } = share;
        await this.chat.putCell(thread, {
          share: id,
          notebook,
          live,
          ...content
        });
        this.shares.put(share);
        return id;
      })
    );
  }

  /** The shares of a cell. */
  of(panel: NotebookPanel, cell: Cell): readonly IShare[] {
    return this.shares
      .of(panel.context.localPath)
      .filter(share => share.cellId === cell.model.id);
  }

  /** Take cells out of every thread that they are shared with. */
  async withdraw(panel: NotebookPanel, cells: readonly Cell[]): Promise<void> {
    const shares = cells.flatMap(cell => this.of(panel, cell));
    await Promise.all(
      shares.map(async share => {
        // It stops following first: an update must not cross the withdrawal.
        this.shares.delete(share.id);
        try {
          await this.chat.withdrawCell(share.thread, share.id);
        } catch (error) {
          if (Problem.of(error).code !== 'not_found') {
            this.shares.put(share);
            throw error;
          }
        }
      })
    );
  }

  /** Forget shares of an open thread that somebody withdrew there. */
  watch(thread: IThread): void {
    // What was acknowledged before the thread was read must be in it; what comes later may be ahead of it.
    const seen = new Set<string>();
    let first = new Set(this.idsIn(thread.id));
    const look = () => {
      if (!thread.loaded) {
        return;
      }
      for (const id of this.idsIn(thread.id)) {
        if (thread.cells.has(id)) {
          seen.add(id);
        } else if (seen.has(id) || first.has(id)) {
          this.shares.delete(id);
        }
      }
      first = new Set();
    };
    thread.changed.connect(look);
    look();
  }

  private idsIn(thread: string): string[] {
    return this.shares.in(thread).map(({ id }) => id);
  }

  /** Let a share stay as the notebook is now. */
  async keepVersion(panel: NotebookPanel, id: string): Promise<void> {
    const share = this.shares.get(id);
    const model = [...(panel.model?.cells ?? [])].find(
      cell => cell.id === share?.cellId
    );
    if (!share || !model) {
      return;
    }
    const content = contentOf(model);
    this.shares.put({ ...share, live: false, sent: digestOf(content) });
    await this.chat.putCell(share.thread, {
      share: id,
      notebook: share.notebook,
      live: false,
      update: true,
      ...content
    });
  }
}
