import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import type { IGroupChat, IThreadRow } from '../model/interfaces';

/** The value of the entry that starts a thread. */
const NEW = '';

/** Ask with which thread to share; its id, or null when the person thought better of it. */
export async function chooseThread(
  chat: IGroupChat,
  notebook: string,
  trans: TranslationBundle
): Promise<string | null> {
  const threads = chat.threads.filter(
    thread => !thread.archivedAt && thread.role !== 'reviewer'
  );
  const name =
    notebook
      .split('/')
      .pop()
      ?.replace(/\.ipynb$/, '') ?? '';
  const body = new ThreadChoice(threads, notebook, name, trans);
  const { button, value } = await showDialog({
    title: trans.__('Share with a thread'),
    body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Share') })
    ],
    focusNodeSelector: 'select'
  });
  if (!button.accept || !value) {
    return null;
  }
  return value.thread === NEW
    ? chat.create({ title: value.title.trim() || name, notebook })
    : value.thread;
}

interface IChoice {
  thread: string;
  title: string;
}

/** A list of threads, and a title for a new one. */
class ThreadChoice extends Widget implements Dialog.IBodyWidget<IChoice> {
  constructor(
    threads: readonly IThreadRow[],
    notebook: string,
    title: string,
    trans: TranslationBundle
  ) {
    super();
    this.addClass('gc-ThreadChoice');
    this.select = document.createElement('select');
    for (const thread of threads) {
      this.select.add(new Option(thread.title, thread.id));
    }
    this.select.add(new Option(trans.__('New thread…'), NEW));
    const about = threads.find(thread => thread.notebook === notebook);
    this.select.value = about?.id ?? threads[0]?.id ?? NEW;
    this.input = document.createElement('input');
    this.input.value = title;
    this.input.maxLength = 200;
    const label = labelled(trans.__('Title'), this.input);
    const show = () => {
      label.hidden = this.select.value !== NEW;
    };
    this.select.addEventListener('change', show);
    show();
    this.node.append(labelled(trans.__('Thread'), this.select), label);
  }

  getValue(): IChoice {
    return { thread: this.select.value, title: this.input.value };
  }

  private readonly select: HTMLSelectElement;
  private readonly input: HTMLInputElement;
}

function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  const label = document.createElement('label');
  label.append(text, control);
  return label;
}
