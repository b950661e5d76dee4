import type { DOMWidgetModel } from '@jupyter-widgets/base';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { Problem } from '../client/problem';
import type { IGroupChat } from '../model/interfaces';

interface IOptions {
  readonly chat: Pick<IGroupChat, 'me' | 'ticket'>;
  readonly model: DOMWidgetModel;
  readonly thread: string;
  readonly trans: TranslationBundle;
}

/** Says in whose name the notebook writes in the thread; while it is nobody, lets the person say yes. */
export class Consent extends Widget {
  constructor(private readonly options: IOptions) {
    super();
    this.addClass('gc-Consent');
    this.button.className = 'gc-Button';
    this.words.setAttribute('role', 'status');
    this.node.append(this.words, this.button);
    options.model.on('change:writer', this.tell, this);
    options.model.on('msg:custom', this.hear, this);
    this.tell();
  }

  override dispose(): void {
    this.options.model.off('change:writer', this.tell, this);
    this.options.model.off('msg:custom', this.hear, this);
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.button.addEventListener('click', this);
  }

  protected override onBeforeDetach(message: Message): void {
    this.button.removeEventListener('click', this);
    super.onBeforeDetach(message);
  }

  handleEvent(): void {
    void this.letWrite();
  }

  /** Hand the kernel a ticket, which is never a part of the model's state: that is saved with the notebook. */
  private async letWrite(): Promise<void> {
    const { chat, model, thread } = this.options;
    this.button.disabled = true;
    this.words.textContent = '';
    try {
      const ticket = await chat.ticket(thread);
      model.send({ ticket, name: chat.me?.name ?? '' }, {});
    } catch (error) {
      this.complain(Problem.of(error).message);
    }
  }

  private tell(): void {
    const { model, trans } = this.options;
    const writer = model.get('writer') as string;
    this.button.textContent = trans.__('Let this notebook write here');
    this.button.title = trans.__(
      'Its code can then read this thread, and write and share in it in your name.'
    );
    this.button.hidden = writer !== '';
    this.button.disabled = false;
    this.words.textContent = writer
      ? trans.__('This notebook writes here as %1.', writer)
      : '';
  }

  private hear(content: { error?: { message?: string } }): void {
    if (content.error) {
      this.complain(content.error.message ?? '');
    }
  }

  private complain(message: string): void {
    this.button.disabled = false;
    this.words.textContent = message;
  }

  private readonly button = document.createElement('button');
  private readonly words = document.createElement('span');
}
