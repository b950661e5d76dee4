import type { NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Problem } from '../client/problem';
import type { IGroupChat, INewCell } from '../model/interfaces';
import { CellSharing } from './cellSharing';
import { Follower } from './follower';
import { Shares } from './shares';

/** A cell with the parts that sharing reads. */
class FakeCell {
  constructor(
    readonly id: string,
    private source: string
  ) {}

  readonly type = 'code';
  readonly contentChanged = new Signal<this, void>(this);
  readonly sharedModel = { getSource: () => this.source };
  readonly outputs = { toJSON: () => this.values };
  executionCount: number | null = null;

  edit(source: string): void {
    this.source = source;
    this.contentChanged.emit();
  }

  run(count: number, text: string): void {
    this.executionCount = count;
    this.values = [{ output_type: 'stream', name: 'stdout', text }];
    this.contentChanged.emit();
  }

  private values: object[] = [];
}

class FakeNotebook {
  constructor(cells: FakeCell[]) {
    const changed = new Signal<this, void>(this);
    this.model = { cells: Object.assign(cells, { changed }) };
  }

  readonly disposed = new Signal<this, void>(this);
  readonly context = {
    localPath: 'churn.ipynb',
    isReady: true,
    ready: Promise.resolve(),
    pathChanged: new Signal<this, string>(this)
  };
  readonly model: { cells: FakeCell[] };

  get panel(): NotebookPanel {
    return this as unknown as NotebookPanel;
  }

  rename(path: string): void {
    this.context.localPath = path;
    this.context.pathChanged.emit(path);
  }
}

describe('A shared cell', () => {
  const put = vi.fn<(thread: string, cell: INewCell) => Promise<void>>();
  const withdraw = vi.fn<(thread: string, share: string) => Promise<void>>();
  let cell: FakeCell;
  let secret: FakeCell;
  let notebook: FakeNotebook;
  let shares: Shares;
  let sharing: CellSharing;

  beforeEach(async () => {
    vi.useFakeTimers();
    localStorage.clear();
    put.mockReset().mockResolvedValue();
    withdraw.mockReset().mockResolvedValue();
    const chat = {
      me: { username: 'ana' },
      loaded: true,
      threads: [{ id: 't' }],
      putCell: put,
      withdrawCell: withdraw,
      changed: new Signal<object, void>({})
    } as unknown as IGroupChat;
    const tracker = { forEach: vi.fn(), widgetAdded: new Signal({}) };
    cell = new FakeCell('c1', 'rates');
    secret = new FakeCell('c2', 'password = "hunter2"');
    notebook = new FakeNotebook([cell, secret]);
    shares = new Shares(chat, '/');
    sharing = new CellSharing(chat, shares, tracker as never);
    new Follower(notebook.panel, chat, shares);
    await vi.advanceTimersByTimeAsync(0);
  });

  afterEach(() => {
    notebook.disposed.emit();
    shares.dispose();
    vi.useRealTimers();
  });

  const share = async () => {
    const cells = [{ model: cell }] as never;
    const [id] = await sharing.share(notebook.panel, cells, 't');
    put.mockClear();
    return id;
  };
  const pass = (time: number) => vi.advanceTimersByTimeAsync(time);
  const sent = () => put.mock.calls.map(([, { source }]) => source);

  it('follows the notebook within a second', async () => {
    const id = await share();
    cell.edit('rates.sort_values()');
    cell.run(7, 'team 0.041');
    await pass(1_000);
    expect(put).toHaveBeenCalledExactlyOnceWith('t', {
      share: id,
      notebook: 'churn.ipynb',
      cellId: 'c1',
      cellType: 'code',
      source: 'rates.sort_values()',
      outputs: [{ output_type: 'stream', name: 'stdout', text: 'team 0.041' }],
      executionCount: 7,
      live: true,
      update: true
    });
  });

  it('follows also while it changes without end', async () => {
    await share();
    for (let n = 1; n <= 20; n++) {
      cell.run(1, `line ${n}`);
      await pass(100);
    }
    expect(put.mock.calls.length).toBeGreaterThanOrEqual(5);
    expect(put.mock.calls.length).toBeLessThanOrEqual(10);
  });

  it('is the only one of its notebook that leaves', async () => {
    await share();
    secret.edit('password = "hunter3"');
    secret.run(8, 'hunter3');
    cell.edit('rates.head()');
    await pass(1_000);
    expect(put).toHaveBeenCalledOnce();
    expect(JSON.stringify(put.mock.calls)).not.toContain('hunter');
  });

  it('is sent once at a time, and then as it is', async () => {
    await share();
    let answer!: () => void;
    put.mockReturnValueOnce(new Promise(resolve => (answer = resolve)));
    cell.edit('one');
    await pass(1_000);
    cell.edit('two');
    cell.edit('three');
    await pass(5_000);
    expect(sent()).toEqual(['one']);
    answer();
    await pass(1_000);
    expect(sent()).toEqual(['one', 'three']);
  });

  it('is tried again when the server asks for patience', async () => {
    await share();
    put.mockRejectedValueOnce(new Problem('rate_limited', 'Slowly.'));
    cell.edit('one');
    await pass(1_000);
    expect(sent()).toEqual(['one']);
    await pass(3_000);
    expect(sent()).toEqual(['one', 'one']);
  });

  it('is forgotten when it was withdrawn elsewhere', async () => {
    const id = await share();
    put.mockRejectedValueOnce(new Problem('not_found', 'Gone.'));
    cell.edit('one');
    await pass(1_000);
    expect(shares.get(id)).toBeUndefined();
    cell.edit('two');
    await pass(5_000);
    expect(sent()).toEqual(['one']);
  });

  it('no longer follows when it was withdrawn here', async () => {
    const id = await share();
    cell.edit('one');
    await sharing.withdraw(notebook.panel, [{ model: cell }] as never);
    await pass(5_000);
    expect(withdraw).toHaveBeenCalledExactlyOnceWith('t', id);
    expect(put).not.toHaveBeenCalled();
  });

  it('stays shared when it could not be withdrawn', async () => {
    const id = await share();
    withdraw.mockRejectedValueOnce(new Problem('not_allowed', 'No.'));
    const cells = [{ model: cell }] as never;
    const failed = sharing.withdraw(notebook.panel, cells);
    await expect(failed).rejects.toThrow('No.');
    expect(shares.get(id)).toBeDefined();
  });

  it('stays as it is when that version is kept', async () => {
    const id = await share();
    await sharing.keepVersion(notebook.panel, id);
    expect(put.mock.calls[0][1]).toMatchObject({ live: false, update: true });
    cell.edit('one');
    await pass(5_000);
    expect(put).toHaveBeenCalledOnce();
    expect(await share()).not.toBe(id);
  });

  it('keeps its share when it is shared with the same thread again', async () => {
    expect(await share()).toBe(await share());
  });

  it('goes with its notebook when that is renamed', async () => {
    const id = await share();
    notebook.rename('review/churn.ipynb');
    await pass(1_000);
    expect(shares.of('review/churn.ipynb').map(s => s.id)).toEqual([id]);
    expect(put.mock.calls[0][1].notebook).toBe('review/churn.ipynb');
  });

  it('is remembered after a reload, and brought up to date', async () => {
    const id = await share();
    notebook.disposed.emit();
    cell.edit('changed while it was closed');
    new Follower(notebook.panel, { putCell: put } as never, shares);
    await pass(1_000);
    expect(sent()).toEqual(['changed while it was closed']);
    expect(shares.get(id)?.live).toBe(true);
  });
});
