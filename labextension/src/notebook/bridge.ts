import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';

import type {
  INotebookBridge,
  ISharedCell,
  IThread
} from '../model/interfaces';
import type { CellSharing } from './cellSharing';
import { insertBelow, replaceActive } from './insertCode';

/** The notebook in front, as the panel may use it. */
export class NotebookBridge implements INotebookBridge {
  constructor(private readonly options: NotebookBridge.IOptions) {
    const { tracker } = options;
    tracker.currentChanged.connect(this.onCurrent, this);
    tracker.activeCellChanged.connect(() => this.changed.emit());
    this.onCurrent();
  }

  readonly changed = new Signal<this, void>(this);

  get available(): boolean {
    return this.options.tracker.activeCell !== null;
  }

  get path(): string | null {
    return this.panel?.context.localPath ?? null;
  }

  async shareSelection(thread: IThread): Promise<string[]> {
    const panel = this.needPanel();
    const cells = [...panel.content.selectedCells];
    return this.options.sharing.share(panel, cells, thread.id);
  }

  async goTo(cell: ISharedCell): Promise<void> {
    const { app, trans } = this.options;
    let panel = this.find(cell.notebook);
    if (panel) {
      app.shell.activateById(panel.id);
    } else {
      const path = cell.notebook;
      panel = (await app.commands.execute('docmanager:open', { path })) as
        NotebookPanel | undefined;
    }
    if (!panel?.content) {
      return; // Jupyter Notebook opens it in a tab of its own
    }
    await panel.context.ready;
    const { content } = panel;
    const index = content.widgets.findIndex(
      ({ model }) => model.id === cell.cellId
    );
    if (index < 0) {
      throw new Error(trans.__('The cell is no longer in %1.', cell.notebook));
    }
    content.deselectAll();
    content.activeCellIndex = index;
    content.mode = 'command';
    await content.scrollToCell(content.widgets[index], 'center');
    content.activate();
  }

  async insertBelow(code: string): Promise<void> {
    await insertBelow(this.needPanel().content, code);
  }

  async replaceActive(code: string): Promise<void> {
    await replaceActive(this.needPanel().content, code);
  }

  async keepVersion(thread: IThread, shareId: string): Promise<void> {
    const { sharing, trans } = this.options;
    const path = thread.cells.get(shareId)?.notebook ?? '';
    const panel = this.find(path);
    if (!panel || !sharing.shares.get(shareId)) {
      throw new Error(
        trans.__('Open %1 first, in the browser that shares the cell.', path)
      );
    }
    await sharing.keepVersion(panel, shareId);
  }

  private get panel(): NotebookPanel | null {
    return this.options.tracker.currentWidget;
  }

  private needPanel(): NotebookPanel {
    const { panel } = this;
    if (!panel?.content.activeCell) {
      throw new Error(this.options.trans.__('No notebook is open.'));
    }
    return panel;
  }

  private find(path: string): NotebookPanel | undefined {
    return this.options.tracker.find(
      ({ context }) => context.localPath === path
    );
  }

  private onCurrent(): void {
    this.panel?.context.pathChanged.connect(this.onPath, this);
    this.changed.emit();
  }

  private onPath(): void {
    this.changed.emit();
  }
}

export namespace NotebookBridge {
  export interface IOptions {
    tracker: INotebookTracker;
    sharing: CellSharing;
    app: JupyterFrontEnd;
    trans: TranslationBundle;
  }
}
