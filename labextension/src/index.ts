import {
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin,
  ILabShell,
  ILayoutRestorer
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addCellCommands, addChatCommands } from './lab/commands';
import { follow, takeLink } from './lab/links';
import {
  notify,
  notifyOfArrivals,
  notifyOfReplacement,
  notifyOfReports
} from './lab/notifications';
import { Settings } from './lab/settings';
import { SidePanel } from './lab/sidePanel';
import { UnreadItem } from './lab/unreadItem';
import { GroupChat } from './model/groupchat';
import { NotebookBridge } from './notebook/bridge';
import { CellMarks } from './notebook/cellMarks';
import { CellSharing } from './notebook/cellSharing';
import { Shares } from './notebook/shares';
import { GroupChatPanel } from './panel';
import { IGroupChatModel, IGroupChatPanel, INotebookSide } from './tokens';
import { MODULE, VERSION } from './widget/module';
import { widgetRegistry } from './widget/registry';

const DOMAIN = 'jupyter_groupchat';

const model: JupyterFrontEndPlugin<IGroupChatModel> = {
  id: 'jupyter-groupchat:model',
  description: 'Connects to the group chat of the server.',
  autoStart: true,
  provides: IGroupChatModel,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) =>
    new GroupChat({
      serverSettings: app.serviceManager.serverSettings,
      trans: (translator ?? nullTranslator).load(DOMAIN)
    })
};

const notebook: JupyterFrontEndPlugin<INotebookSide> = {
  id: 'jupyter-groupchat:notebook',
  description: 'Shares cells of notebooks and puts code into them.',
  autoStart: true,
  provides: INotebookSide,
  requires: [IGroupChatModel, INotebookTracker],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    chat: IGroupChatModel,
    tracker: INotebookTracker,
    translator: ITranslator | null
  ) => {
    const shares = new Shares(chat, serverOf(app));
    const sharing = new CellSharing(chat, shares, tracker);
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const bridge = new NotebookBridge({ tracker, sharing, app, trans });
    return { bridge, sharing };
  }
};

const panel: JupyterFrontEndPlugin<IGroupChatPanel> = {
  id: 'jupyter-groupchat:plugin',
  description: 'The panel of the group chat in the right side bar.',
  autoStart: true,
  provides: IGroupChatPanel,
  requires: [IGroupChatModel, IRenderMimeRegistry],
  optional: [
    INotebookSide,
    ITranslator,
    ISettingRegistry,
    ILayoutRestorer,
    ICommandPalette,
    IStatusBar,
    ILabShell
  ],
  activate: (
    app: JupyterFrontEnd,
    chat: IGroupChatModel,
    rendermime: IRenderMimeRegistry,
    notebookSide: INotebookSide | null,
    translator: ITranslator | null,
    registry: ISettingRegistry | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    statusBar: IStatusBar | null,
    labShell: ILabShell | null
  ) => {
    const link = takeLink();
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const settings = new Settings(app, registry, panel.id);
    const widget = new GroupChatPanel({
      chat,
      rendermime,
      translator: translator ?? nullTranslator,
      bridge: notebookSide?.bridge ?? null,
      settings: settings.panel,
      openSettings: settings.opener
    });
    settings.changed.connect(() => (widget.settings = settings.panel));
    const { shell } = app;
    const server = serverOf(app);
    const side = new SidePanel({ chat, panel: widget, shell, trans, server });
    shell.add(widget, 'right', { rank: 700 });
    restorer?.add(widget, widget.id);
    addChatCommands({ app, chat, panel: side, trans, palette });
    notify(
      chat,
      side,
      () => settings.notifications,
      () => settings.sound,
      trans
    );
    notifyOfArrivals(chat, side, trans);
    notifyOfReports(chat, trans);
    notifyOfReplacement(chat, trans);
    void app.restored.then(() => follow(link, chat, side, trans));
    const item = new UnreadItem(chat, trans, () => side.toggle());
    if (statusBar && labShell) {
      statusBar.registerStatusItem(panel.id, {
        item,
        align: 'right',
        isActive: () => item.isActive,
        activeStateChanged: chat.changed
      });
    } else {
      // Jupyter Notebook has neither a status bar nor tabs for its side bars.
      item.id = 'groupchat-unread';
      shell.add(item, 'menu', { rank: 900 });
    }
    return side;
  }
};

const cells: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-groupchat:cells',
  description: 'Commands that share cells with threads, and marks on them.',
  autoStart: true,
  requires: [IGroupChatModel, IGroupChatPanel, INotebookSide, INotebookTracker],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    chat: IGroupChatModel,
    side: IGroupChatPanel,
    notebookSide: INotebookSide,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load(DOMAIN);
    const context = { app, chat, panel: side, trans, palette };
    const { sharing } = notebookSide;
    addCellCommands(context, tracker, notebookSide);
    const open = (thread: string) => side.open(thread);
    new CellMarks({ tracker, sharing, chat, trans, open });
    side.threadChanged.connect(() => {
      if (side.thread) {
        sharing.watch(side.thread);
      }
    });
  }
};

const widget: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-groupchat:widget',
  description: 'Shows the chat in the output of a cell.',
  autoStart: true,
  requires: [IGroupChatModel, IRenderMimeRegistry],
  optional: [INotebookSide, ITranslator, ISettingRegistry],
  activate: async (
    app: JupyterFrontEnd,
    chat: IGroupChatModel,
    rendermime: IRenderMimeRegistry,
    notebookSide: INotebookSide | null,
    translator: ITranslator | null,
    registry: ISettingRegistry | null
  ) => {
    const settings = new Settings(app, registry, panel.id);
    const widgets = await widgetRegistry(app);
    widgets?.registerWidget({
      name: MODULE,
      version: VERSION,
      exports: async () => {
        const { panelWidgets } = await import('./widget/panelView');
        return panelWidgets({
          chat,
          rendermime,
          translator: translator ?? nullTranslator,
          bridge: notebookSide?.bridge ?? null,
          settings
        });
      }
    });
  }
};

function serverOf(app: JupyterFrontEnd): string {
  return app.serviceManager.serverSettings.baseUrl;
}

export default [model, notebook, panel, cells, widget];
export * from './tokens';
