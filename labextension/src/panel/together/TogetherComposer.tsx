import { KeyboardEvent, RefObject, useEffect, useRef } from 'react';

import { ISharedDraft } from '../../model/interfaces';
import { useMayNotify } from '../composer/useMayNotify';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { useWantedFocus } from '../hooks/useWantedFocus';
import { closeIcon, offlineIcon, togetherIcon, trashIcon } from '../icons';
import { AvatarStack } from '../parts/AvatarStack';
import { Button, IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Notice } from '../parts/Notice';
import { Skeleton } from '../parts/Skeleton';
import { firstName } from '../text/plain';
import { SharedText } from './SharedText';
import { useSharedDraft } from './useSharedDraft';

/** In the place of the composer: a message that several people write, and one of them sends. */
export function TogetherComposer(props: {
  draftId: string;
  onLeave: () => void;
}): JSX.Element {
  const { trans } = usePanel();
  const draft = useSharedDraft(props.draftId);
  return (
    <form
      className="gc-Composer gc-Together"
      aria-label={trans.__('Message that you write together')}
      onSubmit={event => event.preventDefault()}
    >
      {draft === null ? (
        <Skeleton label={trans.__('Loading the text')} />
      ) : (
        <Content draft={draft} onLeave={props.onLeave} />
      )}
    </form>
  );
}

function Content(props: {
  draft: ISharedDraft;
  onLeave: () => void;
}): JSX.Element {
  const { draft, onLeave } = props;
  const { state, trans } = usePanel();
  const { thread, me } = useThread();
  const attempt = useAttempt();
  const loaded = useField(draft, d => d.loaded);
  const writable = useField(draft, d => d.writable);
  const blank = useField(draft, d => d.text.trim() === '');
  const role = useField(thread, t => t.role);
  const begun = useField(thread, t => t.together).find(
    ({ id }) => id === draft.id
  );
  const field = useRef<HTMLTextAreaElement>(null);
  useEnd(draft, field, onLeave);
  const leaving = useRef(false);
  useWantedFocus(() =>
    leaving.current || draft.ended !== null ? null : field.current
  );
  useEffect(() => {
    const area = field.current;
    if (loaded && area !== null) {
      const end = area.value.length;
      area.focus();
      area.setSelectionRange(end, end);
      draft.select({ anchor: end, head: end });
    }
  }, [draft, loaded]);

  const mayNotify = useMayNotify();
  const sendable = writable && !blank;
  const send = () => {
    if (sendable) {
      attempt(async () => {
        if (await mayNotify(draft.text)) {
          await draft.send();
        }
      });
    }
  };
  const leave = () => {
    leaving.current = true; // the focus goes to the composer that comes
    state.callFocus();
    onLeave();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      leave();
    }
  };

  return (
    <>
      <Head draft={draft} onLeave={leave} />
      <Trouble draft={draft} />
      <div className="gc-Composer-box">
        <SharedText draft={draft} field={field} onKeyDown={onKeyDown} />
        <div
          className="gc-Composer-bar"
          role="toolbar"
          aria-label={trans.__('Message tools')}
        >
          {(begun?.by === me || role === 'owner') && (
            <IconButton
              icon={trashIcon}
              label={trans.__('Discard for everybody')}
              onClick={() => attempt(() => draft.discard())}
            />
          )}
          <span className="gc-mod-push" />
          <Button mods="primary small" aria-disabled={!sendable} onClick={send}>
            {trans.__('Send for all')}
          </Button>
        </div>
      </div>
      <p className="gc-Composer-hint">
        {trans.__('Ctrl Enter sends for all, Esc goes back to your message')}
      </p>
    </>
  );
}

/** Who is at it. */
function Head(props: {
  draft: ISharedDraft;
  onLeave: () => void;
}): JSX.Element {
  const { draft, onLeave } = props;
  const { trans } = usePanel();
  const { thread, members, me, nameOf } = useThread();
  const carets = useField(draft, d => d.carets);
  const begun = useField(thread, t => t.together).find(
    ({ id }) => id === draft.id
  );
  const usernames = new Set([
    ...(begun === undefined ? [] : [begun.by, ...begun.writers]),
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
        actions={
          <>
            <Button
              mods="small"
              onClick={() => void navigator.clipboard.writeText(refused.text)}
            >
              {trans.__('Copy what you had')}
            </Button>
            <IconButton
              mods="24"
              icon={closeIcon}
              label={trans.__('Dismiss')}
              onClick={() => draft.forgetRefused()}
            />
          </>
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

/** Go back to one's own message when the draft has ended, and say how. */
function useEnd(
  draft: ISharedDraft,
  field: RefObject<HTMLTextAreaElement>,
  onLeave: () => void
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
          'This message was deleted: nobody had written in it for as long as messages are kept here.'
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
    if (field.current?.ownerDocument.activeElement === field.current) {
      state.callFocus();
    }
    onLeave();
  }, [ended, field, me, nameOf, onLeave, state, trans]);
}
