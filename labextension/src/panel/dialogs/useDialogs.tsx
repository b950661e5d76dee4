import { ReactElement, useMemo } from 'react';

import { IMessage } from '../../model/interfaces';
import { PanelContext, ThreadContext, usePanel, useThread } from '../context';
import { inviteIcon } from '../icons';
import { Button } from '../parts/Button';
import { plainLine } from '../text/plain';
import { useThreadContext } from '../thread/useThreadContext';
import { manages } from '../thread/roles';
import { ExportDialog } from './ExportDialog';
import { InstructionsDialog } from './InstructionsDialog';
import { InviteDialog, PlacesLeft } from './InviteDialog';
import { CopyManifest, ManifestDialog } from './ManifestDialog';
import { MembersCount, MembersDialog } from './MembersDialog';
import { openDialog } from './openDialog';
import { ReportDialog } from './ReportDialog';
import { RetentionDialog } from './RetentionDialog';
import { useConfirm } from './useConfirm';
import { VersionsDialog } from './VersionsDialog';

/** The dialogs of a thread, each a function that opens it. */
export function useDialogs(): {
  members: () => void;
  invite: () => void;
  instructions: () => void;
  exports: () => void;
  retention: () => void;
  manifest: (message: IMessage) => void;
  report: (message: IMessage) => void;
  versions: (message: IMessage) => void;
  deleteMessage: (message: IMessage) => void;
  deleteThread: () => void;
  leave: () => void;
} {
  const panel = usePanel();
  const { thread } = useThread();
  const confirm = useConfirm();
  return useMemo(() => {
    const { chat, state, trans, times } = panel;
    // A dialog stands outside of the panel's tree.
    const within = (element: ReactElement) => (
      <PanelContext.Provider value={panel}>
        <InThread>{element}</InThread>
      </PanelContext.Provider>
    );
    function InThread(props: { children: ReactElement }): JSX.Element {
      return (
        <ThreadContext.Provider value={useThreadContext(thread)}>
          {props.children}
        </ThreadContext.Provider>
      );
    }
    const common = { within, closeLabel: trans.__('Close') };

    const invite = () =>
      void openDialog({
        ...common,
        title: trans.__('Invite'),
        subtitle: <PlacesLeft />,
        body: <InviteDialog />,
        close: trans.__('Done')
      });

    return {
      invite,
      members: () => {
        const dialog = openDialog({
          ...common,
          title: trans.__('Members'),
          subtitle: <MembersCount />,
          aside: manages(thread.role) && (
            <Button
              icon={inviteIcon}
              onClick={() => {
                dialog.reject();
                invite();
              }}
            >
              {trans.__('Invite')}
            </Button>
          ),
          body: <MembersDialog />,
          note: (
            <span className="gc-meta">
              {trans.__('Changes apply at once and are logged in the thread.')}
            </span>
          ),
          close: trans.__('Done')
        });
      },
      instructions: () =>
        void openDialog({
          ...common,
          title: trans.__('Instructions'),
          subtitle: trans.__('What the assistant is told in this thread'),
          body: <InstructionsDialog />,
          close: trans.__('Done')
        }),
      exports: () =>
        void openDialog({
          ...common,
          title: trans.__('Export'),
          subtitle: trans.__('Save “%1” as a file', thread.title),
          body: <ExportDialog />,
          close: trans.__('Done')
        }),
      retention: () =>
        void openDialog({
          ...common,
          title: trans.__('Keep messages'),
          subtitle: trans.__('How long “%1” remembers', thread.title),
          body: <RetentionDialog />,
          close: trans.__('Done')
        }),
      manifest: message => {
        const read = thread.manifest(message.id);
        // Shown where it is awaited; without this, a failure would be reported twice.
        read.catch(() => undefined);
        const source = { read: () => read };
        openDialog({
          ...common,
          title: trans.__('What the assistant saw'),
          subtitle: trans.__(
            "For the reply at %1. Recorded when it was sent; it can't be edited.",
            times.moment(message.at)
          ),
          body: <ManifestDialog message={message} source={source} />,
          note: <CopyManifest source={source} />,
          close: trans.__('Close'),
          wide: true
        });
      },
      report: message =>
        void openDialog({
          ...common,
          title: trans.__('Report this message'),
          subtitle: trans.__(
            '%1 at %2',
            message.authorName,
            times.moment(message.at)
          ),
          body: <ReportDialog message={message} />,
          close: trans.__('Close')
        }),
      versions: message =>
        void openDialog({
          ...common,
          title: trans.__('Earlier versions'),
          subtitle: trans.__(
            '%1 at %2',
            message.authorName,
            times.moment(message.at)
          ),
          body: <VersionsDialog message={message} />,
          note: (
            <span className="gc-meta">
              {trans.__(
                'For the author, the owner of the thread, and the people who run this server.'
              )}
            </span>
          ),
          close: trans.__('Close')
        }),
      deleteMessage: message =>
        confirm(
          trans.__('Delete this message?'),
          chat.me?.allowed.auditBodies
            ? trans.__(
                '“%1” is taken out for everyone. The people who run this server keep a copy.',
                plainLine(message.body)
              )
            : trans.__(
                '“%1” is taken out for everyone.',
                plainLine(message.body)
              ),
          trans.__('Delete'),
          () => thread.remove(message.id)
        ),
      deleteThread: () =>
        confirm(
          trans.__('Delete “%1”?', thread.title),
          trans.__(
            'All messages, shared cells and links of this thread are deleted for all %1 members. This cannot be undone. To keep it readable, archive it.',
            thread.members.length
          ),
          trans.__('Delete thread'),
          async () => {
            await thread.delete();
            state.close();
          }
        ),
      leave: () =>
        confirm(
          trans.__('Leave “%1”?', thread.title),
          trans.__(
            'What you wrote stays. To come back you need an invitation.'
          ),
          trans.__('Leave'),
          async () => {
            await thread.leave();
            state.close();
          }
        )
    };
  }, [panel, thread, confirm]);
}
