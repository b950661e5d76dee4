import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IGroupChat } from '../model/interfaces';
import { chatIcon } from '../panel';
import { contentOf, digestOf } from './cellContent';
import type { CellSharing } from './cellSharing';
import type { IShare } from './shares';

/** Shows in notebooks which cells are shared and with which thread. */
export class CellMarks {
  constructor(options: CellMarks.IOptions) {
    const mark = (panel: NotebookPanel) => {
      new NotebookMarks(panel, options);
    };
    options.tracker.forEach(mark);
    options.tracker.widgetAdded.connect((_, panel) => mark(panel));
  }
}

export namespace CellMarks {
  export interface IOptions {
    tracker: INotebookTracker;
    sharing: CellSharing;
    chat: IGroupChat;
    trans: TranslationBundle;
    /** The person chose a thread's name. */
    open: (thread: string) => void;
  }
}

/** The marks of one notebook: an edge beside each shared cell and a line below it. */
class NotebookMarks implements IDisposable {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly options: CellMarks.IOptions
  ) {
    options.sharing.shares.changed.connect(this.update, this);
    options.chat.changed.connect(this.onChat, this);
    panel.disposed.connect(this.dispose, this);
    void panel.context.ready.then(() => {
      if (!this.disposed) {
        panel.model?.cells.changed.connect(this.update, this);
        panel.context.pathChanged.connect(this.update, this);
        this.update();
      }
    });
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      Signal.clearData(this);
    }
  }

  private onChat(): void {
    const titles = this.options.chat.threads
      .map(({ id, title }) => id + title)
      .join();
    if (titles !== this.titles) {
      this.titles = titles;
      this.update();
    }
  }

  private update(): void {
    for (const cell of this.panel.content.widgets) {
      const lines = this.linesOf(cell);
      const key = JSON.stringify(lines);
      const old = this.marks.get(cell);
      if (old?.key !== key) {
        old?.nodes.forEach(node => node.remove());
        this.marks.set(cell, { key, nodes: this.draw(cell, lines) });
      }
    }
  }

  private linesOf(cell: Cell): ILine[] {
    const { sharing, chat } = this.options;
    const shares = sharing.of(this.panel, cell);
    const { contentChanged } = cell.model;
    contentChanged.disconnect(this.update, this);
    if (shares.every(({ live }) => live)) {
      return shares.map(share => line(share, 'live'));
    }
    // A share that no longer follows the cell says so once the cell is another.
    contentChanged.connect(this.update, this);
    const digest = digestOf(contentOf(cell.model));
    return shares.map(share =>
      line(
        share,
        share.live ? 'live' : share.sent === digest ? 'kept' : 'changed'
      )
    );

    function line({ thread }: IShare, state: ILine['state']): ILine {
      const row = chat.threads.find(({ id }) => id === thread);
      return { thread, title: row?.title ?? '', state };
    }
  }

  private draw(cell: Cell, lines: readonly ILine[]): HTMLElement[] {
    if (lines.length === 0) {
      return [];
    }
    const { trans } = this.options;
    const stale = lines.some(({ state }) => state === 'changed');
    const edge = document.createElement('span');
    edge.className = 'gc-cellGutter';
    edge.classList.toggle('gc-mod-changed', stale);
    edge.title = stale
      ? trans.__('Shared cell, changed since')
      : trans.__('Shared cell');
    const nodes = [edge, ...lines.map(line => this.drawLine(line))];
    // After the cell's own parts: its layout counts the nodes before them.
    cell.node.append(...nodes);
    return nodes;
  }

  private drawLine({ thread, title, state }: ILine): HTMLElement {
    const { trans, open } = this.options;
    const link = document.createElement('button');
    link.className = 'gc-Link';
    link.textContent = title;
    link.addEventListener('click', () => open(thread));
    const states = {
      live: trans.__('live'),
      kept: trans.__('kept as it was'),
      changed: trans.__('changed since')
    };
    const place = '\uffff';
    const [before, after] = trans.__('Shared in “%1”', place).split(place);
    const text = document.createElement('span');
    text.append(before, link, `${after} · ${states[state]}`);
    const node = document.createElement('div');
    node.className = 'gc-cellShare';
    node.classList.toggle('gc-mod-changed', state === 'changed');
    const icon = chatIcon.element({ tag: 'span', className: 'gc-Icon' });
    node.append(icon, text);
    return node;
  }

  private readonly marks = new WeakMap<
    Cell,
    { key: string; nodes: HTMLElement[] }
  >();
  private titles = '';
  private disposed = false;
}

/** A line below a shared cell. */
interface ILine {
  readonly thread: string;
  readonly title: string;
  readonly state: 'live' | 'kept' | 'changed';
}
