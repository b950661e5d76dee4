import { forwardRef, RefObject, useCallback, useEffect, useRef } from 'react';

import { ISharedDraft, ISharedDraftRow } from '../../model/interfaces';
import { Composer } from '../composer/Composer';
import { withdrawUnused } from '../composer/useCells';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { closeIcon, offlineIcon, togetherIcon, trashIcon } from '../icons';
import { AvatarStack } from '../parts/AvatarStack';
import { Button, IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Notice } from '../parts/Notice';
import { Skeleton } from '../parts/Skeleton';
import { IMessageActions } from '../thread/actions';
import { firstName } from '../text/plain';
import { useSharedDraft } from './useSharedDraft';
import { useSharedWriting } from './useSharedWriting';

/** In the place of the composer: a message that several people write, and one of them sends. */
export const TogetherComposer = forwardRef<
  IMessageActions,
  { draftId: string; onLeave: () => void }
>(function TogetherComposer({ draftId, onLeave }, ref) {
  const { trans } = usePanel();
  const draft = useSharedDraft(draftId);
  const root = useRef<HTMLDivElement>(null);
  return (
    <div className="gc-Together" ref={root}>
      {draft === null ? (
        <Skeleton label={trans.__('Loading the text')} />
      ) : (
        <Content ref={ref} root={root} draft={draft} onLeave={onLeave} />
      )}
    </div>
  );
});

const Content = forwardRef<
  IMessageActions,
  {
    draft: ISharedDraft;
    root: RefObject<HTMLElement>;
    onLeave: () => void;
  }
>(function Content({ draft, root, onLeave }, ref) {
  const { state, trans } = usePanel();
  const { thread } = useThread();
  const loaded = useField(draft, d => d.loaded);
  const row = useField(thread, t => t.together).find(
    ({ id }) => id === draft.id
  );
  const written = useSharedWriting(draft, row);
  const leave = useLeave(onLeave);
  useEnd(draft, root, leave);
  useEffect(() => {
    if (loaded) {
      const end = draft.text.length;
      draft.select({ anchor: end, head: end });
      state.callFocus();
    }
  }, [draft, loaded, state]);
  return (
    <Composer
      ref={ref}
      written={written}
      label={trans.__('Message that you write together')}
      placeholder={trans.__('Write together')}
      sendLabel={trans.__('Send for all')}
      onLeave={() => leave(true)}
      head={
        <>
          <Head draft={draft} row={row} onLeave={() => leave(true)} />
          <Trouble draft={draft} />
        </>
      }
      hint={
        <p className="gc-Composer-hint">
          {trans.__('Ctrl Enter sends for all, Esc goes back to your message')}
        </p>
      }
    />
  );
});

/** Who is at it. */
function Head(props: {
  draft: ISharedDraft;
  row: ISharedDraftRow | undefined;
  onLeave: () => void;
}): JSX.Element {
  const { draft, row, onLeave } = props;
  const { trans } = usePanel();
  const { thread, members, me, nameOf } = useThread();
  const attempt = useAttempt();
  const role = useField(thread, t => t.role);
  const carets = useField(draft, d => d.carets);
  const usernames = new Set([
    ...(row === undefined ? [] : [row.by, ...row.writers]),
    ...carets.map(({ username }) => username)
  ]);
  usernames.delete(me);
  const others = [...usernames].flatMap(username => {
    const member = members.get(username);
    return member === undefined ? [] : [member];
  });
  const here = new Set(carets.map(({ username }) => username));
  return (
    <div className="gc-Together-head">
      <Icon icon={togetherIcon} />
      <span className="gc-truncate" role="status">
        {others.length === 0
          ? trans.__('Others can join this message')
          : trans.__(
              'Together with %1',
              others
                .map(({ username }) => firstName(nameOf(username)))
                .join(', ')
            )}
      </span>
      <span className="gc-AvatarStack">
        <AvatarStack members={others} size={18} limit={4} here={here} />
      </span>
      {(row?.by === me || role === 'owner') && (
        <IconButton
          mods="24"
          icon={trashIcon}
          label={trans.__('Discard for everybody')}
          onClick={() =>
            attempt(async () => {
              await draft.discard();
              await withdrawUnused(thread, row?.cells ?? [], me);
            })
          }
        />
      )}
      <IconButton
        mods="24"
        icon={closeIcon}
        label={trans.__('Back to your own message')}
        onClick={onLeave}
      />
    </div>
  );
}

/** What keeps the person from writing, and what was not taken. */
function Trouble({ draft }: { draft: ISharedDraft }): JSX.Element | null {
  const { trans } = usePanel();
  const loaded = useField(draft, d => d.loaded);
  const writable = useField(draft, d => d.writable);
  const refused = useField(draft, d => d.refused);
  if (refused !== null) {
    return (
      <Notice
        tone="error"
        role="alert"
        onDismiss={() => draft.forgetRefused()}
        actions={
          <Button
            mods="small"
            onClick={() => void navigator.clipboard.writeText(refused.text)}
          >
            {trans.__('Copy what you had')}
          </Button>
        }
      >
        {refused.why}
      </Notice>
    );
  }
  return loaded && !writable ? (
    <Notice tone="warn" icon={offlineIcon} role="status">
      {trans.__(
        'Offline: nobody can write here now. What you wrote is kept and arrives later.'
      )}
    </Notice>
  ) : null;
}

/** Go back to one's own message, with the focus or without: it is taken there once that has its place. */
function useLeave(onLeave: () => void): (focus: boolean) => void {
  const { state } = usePanel();
  const focus = useRef(false);
  useEffect(
    () => () => {
      if (focus.current) {
        state.callFocus();
      }
    },
    [state]
  );
  return useCallback(
    wanted => {
      focus.current = wanted;
      onLeave();
    },
    [onLeave]
  );
}

/** Go back to one's own message when the draft has ended, and say how. */
function useEnd(
  draft: ISharedDraft,
  root: RefObject<HTMLElement>,
  leave: (focus: boolean) => void
): void {
  const { state, trans } = usePanel();
  const { me, nameOf } = useThread();
  const ended = useField(draft, d => d.ended);
  useEffect(() => {
    if (ended === null) {
      return;
    }
    if (ended.why !== undefined) {
      state.fail(ended.why);
    } else if (ended.by === undefined) {
      state.fail(
        trans.__(
          'The message that was written together was deleted: nobody had changed it for as long as messages are kept here.'
        )
      );
    } else if (ended.by !== me) {
      const name = nameOf(ended.by);
      state.say(
        ended.message === undefined
          ? trans.__('%1 discarded the message', name)
          : trans.__('%1 sent the message', name)
      );
    }
    leave(root.current?.matches(':focus-within') === true);
  }, [ended, leave, me, nameOf, root, state, trans]);
}
