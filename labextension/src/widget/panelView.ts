import {
  DOMWidgetModel,
  DOMWidgetView,
  type ExportMap
} from '@jupyter-widgets/base';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ITranslator } from '@jupyterlab/translation';
import { PanelLayout } from '@lumino/widgets';

import type { Settings } from '../lab/settings';
import { Problem } from '../client/problem';
import type { IGroupChat, INotebookBridge } from '../model/interfaces';
import { GroupChatPanel } from '../panel';
import { Consent } from './consent';
import { MODULE, VERSION } from './module';

interface IOptions {
  readonly chat: IGroupChat;
  readonly rendermime: IRenderMimeRegistry;
  readonly translator: ITranslator;
  readonly bridge: INotebookBridge | null;
  readonly settings: Settings;
}

/** The model and the view of a kernel's `GroupChatPanel`: the same panel, over the same connection. */
export function panelWidgets(options: IOptions): ExportMap {
  class PanelModel extends DOMWidgetModel {
    override defaults(): { [key: string]: unknown } {
      return {
        ...super.defaults(),
        _model_module: MODULE,
        _model_module_version: VERSION,
        _model_name: 'PanelModel',
        _view_module: MODULE,
        _view_module_version: VERSION,
        _view_name: 'PanelView',
        thread: '',
        writer: ''
      };
    }
  }

  class PanelView extends DOMWidgetView {
    override render(): void {
      super.render();
      this.luminoWidget.layout = this.parts;
      this.el.classList.add('gc-WidgetView');
      // The notebook's own keys must not act while somebody writes in the panel.
      this.el.dataset.lmSuppressShortcuts = 'true';
      options.chat.changed.connect(this.show, this);
      this.model.on('change:thread', () => {
        this.close();
        this.show();
      });
      void this.displayed.then(() => {
        this.isDisplayed = true;
        this.show();
      });
    }

    override remove(): void {
      options.chat.changed.disconnect(this.show, this);
      this.close();
      super.remove();
    }

    private get title(): string {
      return this.model.get('thread') as string;
    }

    private show(): void {
      const { chat } = options;
      if (!this.isDisplayed || this.panel) {
        return;
      }
      const row = chat.threads.find(({ title }) => title === this.title);
      if (row) {
        this.open(row.id);
      } else if (chat.loaded) {
        this.offer();
      } else {
        const wait = chat.problem?.message ?? this.trans.__('Connecting…');
        this.el.replaceChildren(paragraph(wait));
      }
    }

    private open(thread: string): void {
      this.el.replaceChildren();
      const { settings, ...others } = options;
      this.panel = new GroupChatPanel({
        ...others,
        settings: settings.panel,
        thread
      });
      this.panel.id = `groupchat-panel-${this.cid}`;
      this.parts.addWidget(this.panel);
      this.consent = new Consent({
        chat: options.chat,
        model: this.model,
        thread,
        trans: this.trans
      });
      this.parts.addWidget(this.consent);
    }

    /** There is no such thread: offer to start it. */
    private offer(): void {
      const button = document.createElement('button');
      button.className = 'gc-Button gc-mod-primary';
      button.textContent = this.trans.__('Start thread');
      button.addEventListener('click', () => void this.start());
      const text = this.trans.__('You have no thread “%1” yet.', this.title);
      this.el.replaceChildren(paragraph(text), button);
    }

    private async start(): Promise<void> {
      const { chat, bridge } = options;
      const notebook = bridge?.path ?? undefined;
      try {
        await chat.create({ title: this.title, notebook });
      } catch (error) {
        this.el.replaceChildren(paragraph(Problem.of(error).message));
      }
    }

    private close(): void {
      this.panel?.dispose();
      this.panel = null;
      this.consent?.dispose();
      this.consent = null;
    }

    private readonly parts = new PanelLayout();
    private panel: GroupChatPanel | null = null;
    private consent: Consent | null = null;
    private isDisplayed = false;
    private readonly trans = options.translator.load('jupyter_groupchat');
  }

  return { PanelModel, PanelView };
}

function paragraph(text: string): HTMLElement {
  const node = document.createElement('p');
  node.textContent = text;
  return node;
}
