import {
  forwardRef,
  KeyboardEvent,
  useCallback,
  useId,
  useImperativeHandle,
  useRef,
  useState
} from 'react';

import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { useWantedFocus } from '../hooks/useWantedFocus';
import { IMessageActions } from '../thread/actions';
import { ComposerChips } from './ComposerChips';
import { ComposerHint } from './ComposerHint';
import { ComposerTools } from './ComposerTools';
import { DictationBar } from './DictationBar';
import { MentionPopup } from './MentionPopup';
import { TypingLine } from './TypingLine';
import { useCells } from './useCells';
import { useDictation } from './useDictation';
import { useDraft } from './useDraft';
import { useDrop } from './useDrop';
import { useFiles } from './useFiles';
import { useMentions } from './useMentions';
import { usePlaceholder } from './usePlaceholder';
import { useSend } from './useSend';
import { useTextArea } from './useTextArea';
import { useTyping } from './useTyping';

/** Where messages are written. Replies to and edits of messages come in through its handle. */
export const Composer = forwardRef<
  IMessageActions,
  {
    /** Go on together with others; null where that cannot be. */
    onTogether: ((text: string) => Promise<void>) | null;
  }
>(function Composer({ onTogether }, ref) {
  const { state, trans } = usePanel();
  const { thread, me } = useThread();
  const settings = useField(state, s => s.settings);
  const { draft, change, clear } = useDraft(me, thread.id);
  const [edited, setEdited] = useState<{ id: string; text: string } | null>(
    null
  );
  const [caret, setCaret] = useState(0);
  const text = edited?.text ?? draft.text;
  const field = useTextArea();
  const typing = useTyping(thread);
  const send = useSend();
  const attempt = useAttempt();
  const cells = useCells(draft.cells, change);
  const files = useFiles(draft.files, change);
  const onFiles = files.possible && edited === null ? files.add : null;
  const { over, dropProps, onPaste } = useDrop(onFiles);
  const placeholder = usePlaceholder();
  const popup = useId();

  const write = (value: string, at: number) => {
    setCaret(at);
    if (edited === null) {
      change({ text: value });
      typing(value.trim() !== '');
    } else {
      setEdited({ ...edited, text: value });
    }
  };
  const insert = (from: number, to: number, piece: string) => {
    const at = from + piece.length;
    field.placeCaret(at);
    write(text.slice(0, from) + piece + text.slice(to), at);
  };
  const dictated = useRef<(words: string) => void>(() => undefined);
  dictated.current = words => {
    const { selectionStart: from = text.length, selectionEnd: to = from } =
      field.ref.current ?? {};
    insert(from, to, spaced(text.slice(0, from), words, text.slice(to)));
  };
  const dictation = useDictation(
    useCallback(words => dictated.current(words), [])
  );
  const stopDictating = () => {
    dictation.cancel();
    field.ref.current?.focus();
  };
  const mentions = useMentions({
    text,
    caret,
    onPick: (from, piece) => insert(from, caret, piece)
  });
  const open = mentions.candidates.length > 0;

  const edit = (message: IMessage) => {
    field.placeCaret(message.body.length);
    setEdited({ id: message.id, text: message.body });
  };
  useImperativeHandle(ref, () => ({
    reply: message => {
      setEdited(null);
      field.placeCaret(draft.text.length);
      change({ replyTo: message.id });
    },
    edit
  }));

  useWantedFocus(() => field.ref.current);

  const sendable =
    edited !== null
      ? text.trim() !== ''
      : !files.busy &&
        (text.trim() !== '' || draft.cells.length + draft.files.length > 0);
  const submit = () => {
    if (!sendable) {
      return;
    }
    typing(false);
    if (edited !== null) {
      const { id, text: body } = edited;
      setEdited(null);
      attempt(() => thread.edit(id, body.trim()));
    } else {
      attempt(async () => {
        if (await send(draft)) {
          clear();
          files.sent();
        }
        field.ref.current?.focus();
      });
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || mentions.onKeyDown(event)) {
      return;
    }
    const modified = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      if (settings.sendWithEnter || modified) {
        event.preventDefault();
        submit();
      }
    } else if (event.key === 'ArrowUp' && text === '' && edited === null) {
      const last = lastOwn(thread.messages, me);
      if (last !== undefined) {
        event.preventDefault();
        edit(last);
      }
    } else if (event.key === 'Escape') {
      if (dictation.now !== null && dictation.now.phase !== 'failed') {
        event.stopPropagation();
        stopDictating();
      } else if (edited !== null) {
        event.stopPropagation();
        setEdited(null);
      } else if (draft.replyTo !== undefined) {
        event.stopPropagation();
        change({ replyTo: undefined });
      }
    }
  };

  return (
    <form
      className="gc-Composer"
      aria-label={trans.__('New message')}
      onSubmit={event => event.preventDefault()}
      {...dropProps}
    >
      <TypingLine />
      {open && (
        <MentionPopup
          id={popup}
          candidates={mentions.candidates}
          query={mentions.query}
          selected={mentions.selected}
          onSelect={mentions.select}
          onPick={mentions.pick}
        />
      )}
      <div className={`gc-Composer-box${over ? ' gc-mod-over' : ''}`}>
        <ComposerChips
          editing={edited !== null}
          replyTo={edited === null ? draft.replyTo : undefined}
          cells={edited === null ? draft.cells : []}
          kept={edited === null ? draft.files : []}
          files={edited === null ? files : null}
          onStopEditing={() => setEdited(null)}
          onDropReply={() => change({ replyTo: undefined })}
          onDropCell={cells.drop}
        />
        <textarea
          ref={field.ref}
          className="gc-Composer-input"
          rows={1}
          role="combobox"
          aria-label={trans.__('Message')}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-expanded={open}
          aria-controls={open ? popup : undefined}
          aria-activedescendant={
            open ? `${popup}-${mentions.selected}` : undefined
          }
          placeholder={placeholder}
          value={text}
          onChange={event =>
            write(event.target.value, event.target.selectionStart)
          }
          onSelect={event => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => typing(false)}
        />
        <DictationBar dictation={dictation} onCancel={stopDictating} />
        <ComposerTools
          sendable={sendable}
          editing={edited !== null}
          onMention={() => {
            const at = field.ref.current?.selectionStart ?? text.length;
            const space = at > 0 && !/\s/.test(text[at - 1]);
            insert(at, at, space ? ' @' : '@');
          }}
          onShare={cells.share}
          onFiles={onFiles}
          dictation={dictation}
          onTogether={
            onTogether &&
            (() => {
              typing(false);
              attempt(async () => {
                await onTogether(draft.text);
                change({ text: '' });
              });
            })
          }
          onSend={submit}
        />
      </div>
      <ComposerHint />
    </form>
  );
});

/** Words that were spoken, with spaces where they would run into what stands before and after. */
function spaced(before: string, words: string, after: string): string {
  const start = before === '' || /\s$/.test(before) ? '' : ' ';
  return start + words + (after === '' || /^\s/.test(after) ? '' : ' ');
}

/** The newest message that the person can still edit. */
function lastOwn(
  messages: readonly IMessage[],
  me: string
): IMessage | undefined {
  for (let i = messages.length - 1; i >= 0; i--) {
    const { author, deleted, pending } = messages[i];
    if (author === me && !deleted && pending === undefined) {
      return messages[i];
    }
  }
  return undefined;
}
