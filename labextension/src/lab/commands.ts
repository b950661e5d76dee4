import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog, type ICommandPalette } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { Problem } from '../client/problem';
import type { IGroupChat } from '../model/interfaces';
import { chooseThread } from '../notebook/chooseThread';
import { cellShareIcon, chatIcon } from '../panel';
import type { IGroupChatPanel, INotebookSide } from '../tokens';
import { codeIn, join } from './links';

export namespace CommandIDs {
  export const toggle = 'groupchat:toggle';
  export const openThread = 'groupchat:open-thread';
  export const join = 'groupchat:join';
  export const share = 'groupchat:share-cells';
  export const withdraw = 'groupchat:withdraw-cells';
}

interface IContext {
  readonly app: JupyterFrontEnd;
  readonly chat: IGroupChat;
  readonly panel: IGroupChatPanel;
  readonly trans: TranslationBundle;
  readonly palette: ICommandPalette | null;
}

const NO_ARGUMENTS = {
  args: { type: 'object', properties: {}, additionalProperties: false }
} as const;

/** The commands that need no notebook. */
export function addChatCommands(context: IContext): void {
  const { app, chat, panel, trans } = context;
  app.commands.addCommand(CommandIDs.toggle, {
    label: trans.__('Group Chat'),
    caption: trans.__('Open Group Chat, or go back from it'),
    icon: chatIcon,
    describedBy: NO_ARGUMENTS,
    execute: () => panel.toggle()
  });
  app.commands.addCommand(CommandIDs.openThread, {
    label: trans.__('Open a Thread of Group Chat'),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          thread: { type: 'string', description: trans.__('Its id') },
          message: {
            type: 'string',
            description: trans.__('The id of a message to show')
          }
        },
        required: ['thread'],
        additionalProperties: false
      }
    },
    execute: args =>
      panel.open(args.thread as string, args.message as string | undefined)
  });
  app.commands.addCommand(CommandIDs.join, {
    label: trans.__('Join a Thread by Invitation…'),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          invitation: {
            type: 'string',
            description: trans.__('An invitation link, or its code')
          }
        },
        additionalProperties: false
      }
    },
    execute: async args => {
      const invitation =
        (args.invitation as string | undefined) ?? (await askForLink(trans));
      if (invitation) {
        await join(codeIn(invitation), chat, panel, trans);
      }
    }
  });
  offer(context, CommandIDs.toggle, CommandIDs.join);
}

/** The commands for the cells of the notebook in front. */
export function addCellCommands(
  context: IContext,
  tracker: INotebookTracker,
  { sharing }: INotebookSide
): void {
  const { app, chat, panel, trans } = context;
  const front = () => tracker.currentWidget;
  const selected = (notebook: NotebookPanel) => [
    ...notebook.content.selectedCells
  ];
  const isShared = (notebook: NotebookPanel) =>
    selected(notebook).some(cell => sharing.of(notebook, cell).length > 0);

  app.commands.addCommand(CommandIDs.share, {
    label: trans.__('Share with thread'),
    icon: cellShareIcon,
    describedBy: NO_ARGUMENTS,
    isEnabled: () => tracker.activeCell !== null,
    execute: () =>
      attempt(trans.__('The cell was not shared'), async () => {
        const notebook = front();
        if (!notebook) {
          return;
        }
        const cells = selected(notebook);
        const thread = await threadFor(notebook);
        if (thread !== null) {
          const shares = await sharing.share(notebook, cells, thread);
          panel.open(thread);
          panel.addCells(shares);
        }
      })
  });
  app.commands.addCommand(CommandIDs.withdraw, {
    label: trans.__('Withdraw from Threads'),
    describedBy: NO_ARGUMENTS,
    isEnabled: () => {
      const notebook = front();
      return notebook !== null && isShared(notebook);
    },
    isVisible: () => {
      const notebook = front();
      return notebook !== null && isShared(notebook);
    },
    execute: () =>
      attempt(trans.__('The cell was not withdrawn'), async () => {
        const notebook = front();
        if (notebook) {
          await sharing.withdraw(notebook, selected(notebook));
        }
      })
  });
  offer(context, CommandIDs.share, CommandIDs.withdraw);
  const update = () => {
    app.commands.notifyCommandChanged(CommandIDs.share);
    app.commands.notifyCommandChanged(CommandIDs.withdraw);
  };
  tracker.activeCellChanged.connect(update);
  sharing.shares.changed.connect(update);

  /** The open thread, where one may be written in; otherwise the one that the person names. */
  async function threadFor(notebook: NotebookPanel): Promise<string | null> {
    const { thread } = panel;
    const open =
      thread?.loaded &&
      !thread.gone &&
      !thread.archivedAt &&
      thread.role !== 'reviewer';
    return open
      ? thread.id
      : chooseThread(chat, notebook.context.localPath, trans);
  }
}

function offer({ palette, trans }: IContext, ...commands: string[]): void {
  for (const command of commands) {
    palette?.addItem({ command, category: trans.__('Group Chat') });
  }
}

async function askForLink(trans: TranslationBundle): Promise<string | null> {
  const { value } = await InputDialog.getText({
    title: trans.__('Join a thread'),
    label: trans.__('Invitation link'),
    okLabel: trans.__('Join')
  });
  return value;
}

async function attempt(
  failed: string,
  action: () => Promise<void>
): Promise<void> {
  try {
    await action();
  } catch (error) {
    await showErrorMessage(failed, Problem.of(error).message);
  }
}
