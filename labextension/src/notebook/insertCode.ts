import type { Notebook } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';

/** Put code into a new cell below the active one, and show it. */
export async function insertBelow(
  notebook: Notebook,
  code: string
): Promise<void> {
  NotebookActions.insertBelow(notebook);
  await fill(notebook, code);
}

/** Put code into the active cell in place of what is there; one undo brings it back. */
export async function replaceActive(
  notebook: Notebook,
  code: string
): Promise<void> {
  if (notebook.activeCell?.model.type !== 'code') {
    NotebookActions.changeCellType(notebook, 'code');
  }
  await fill(notebook, code);
}

async function fill(notebook: Notebook, code: string): Promise<void> {
  const cell = notebook.activeCell;
  if (cell) {
    cell.model.sharedModel.setSource(code.replace(/\n$/, ''));
    await notebook.scrollToCell(cell);
  }
}
