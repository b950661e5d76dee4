import {
  forwardRef,
  KeyboardEvent,
  ReactNode,
  useCallback,
  useId,
  useImperativeHandle,
  useRef
} from 'react';

import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { useWantedFocus } from '../hooks/useWantedFocus';
import { IMessageActions } from '../thread/actions';
import { ComposerChips } from './ComposerChips';
import { ComposerTools } from './ComposerTools';
import { DictationBar } from './DictationBar';
import { MentionPopup } from './MentionPopup';
import { TextField } from './TextField';
import { useCells } from './useCells';
import { useDictation } from './useDictation';
import { useDrop } from './useDrop';
import { useEditing } from './useEditing';
import { useFiles } from './useFiles';
import { useMentions } from './useMentions';
import { IWriting } from './writing';

interface IComposerProps {
  /** What is written, unless a message is edited. */
  written: IWriting;
  label: string;
  placeholder: string;
  /** What the button says that lets it out. */
  sendLabel: string;
  /** Whether several write it: Enter is a new line then, and Escape leaves. */
  onLeave?: () => void;
  /** Above the text. */
  head: ReactNode;
  /** Beside the tools; `busy` while files are on their way. */
  tools?: (busy: boolean) => ReactNode;
  /** Below it all. */
  hint: ReactNode;
}

/** Where messages are written. Replies to and edits of messages come in through its handle. */
export const Composer = forwardRef<IMessageActions, IComposerProps>(
  function Composer(props, ref) {
    const { written, onLeave } = props;
    const { state, trans } = usePanel();
    const { thread, me } = useThread();
    const settings = useField(state, s => s.settings);
    const field = useRef<HTMLTextAreaElement>(null);
    const { editing, edit, stop } = useEditing();
    const writing = editing ?? written;
    const { text, caret } = writing;
    const attempt = useAttempt();
    const cells = useCells(written);
    const files = useFiles(written);
    const onFiles = files.possible && editing === null ? files.add : null;
    const { over, dropProps, onPaste } = useDrop(onFiles);
    const popup = useId();

    const insert = (from: number, to: number, piece: string) => {
      field.current?.focus();
      writing.replace(from, to - from, piece);
    };
    const dictated = useRef<(words: string) => void>(() => undefined);
    dictated.current = words => {
      const { selectionStart: from = text.length, selectionEnd: to = from } =
        field.current ?? {};
      insert(from, to, spaced(text.slice(0, from), words, text.slice(to)));
    };
    const dictation = useDictation(
      useCallback(words => dictated.current(words), [])
    );
    const stopDictating = () => {
      dictation.cancel();
      field.current?.focus();
    };
    const mentions = useMentions({
      text,
      caret,
      onPick: (from, piece) => insert(from, caret, piece)
    });
    const open = mentions.candidates.length > 0;

    const actions: IMessageActions = {
      reply: message => {
        stop();
        field.current?.focus();
        attempt(() => written.bring({ replyTo: message.id }));
      },
      edit: message => {
        field.current?.focus();
        edit(message);
      }
    };
    useImperativeHandle(ref, () => actions);
    useWantedFocus(() => field.current);

    const sendable =
      writing.writable &&
      (editing !== null || !files.busy) &&
      (text.trim() !== '' || writing.cells.length + writing.files.length > 0);
    const submit = () => {
      if (sendable) {
        writing.rest?.();
        attempt(async () => {
          if ((await writing.send()) && editing === null) {
            files.sent();
          }
          field.current?.focus();
        });
      }
    };

    const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
      if (mentions.onKeyDown(event)) {
        return;
      }
      const modified = event.ctrlKey || event.metaKey;
      const together = onLeave !== undefined && editing === null;
      if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
        if (modified || (settings.sendWithEnter && !together)) {
          event.preventDefault();
          submit();
        }
      } else if (event.key === 'ArrowUp' && text === '' && !together) {
        const last = lastOwn(thread.messages, me);
        if (last !== undefined && editing === null) {
          event.preventDefault();
          edit(last);
        }
      } else if (event.key === 'Escape') {
        const escape =
          dictation.now !== null && dictation.now.phase !== 'failed'
            ? stopDictating
            : editing !== null
              ? stop
              : (onLeave ??
                (written.replyTo === undefined
                  ? null
                  : () => void written.bring({ replyTo: null })));
        if (escape !== null) {
          event.stopPropagation();
          escape();
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
        {props.head}
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
            writing={writing}
            files={editing === null ? files : null}
            onStopEditing={stop}
            onDropCell={cells.drop}
          />
          <TextField
            writing={writing}
            field={field}
            label={props.label}
            placeholder={props.placeholder}
            popup={
              open
                ? { id: popup, selected: `${popup}-${mentions.selected}` }
                : null
            }
            onKeyDown={onKeyDown}
            onPaste={onPaste}
          />
          <DictationBar dictation={dictation} onCancel={stopDictating} />
          <ComposerTools
            sendable={sendable}
            sendLabel={editing === null ? props.sendLabel : trans.__('Save')}
            onMention={() => {
              const at = field.current?.selectionStart ?? text.length;
              const space = at > 0 && !/\s/.test(text[at - 1]);
              insert(at, at, space ? ' @' : '@');
            }}
            onShare={editing === null ? cells.share : null}
            onFiles={onFiles}
            dictation={dictation}
            onSend={submit}
          >
            {editing === null && props.tools?.(files.busy)}
          </ComposerTools>
        </div>
        {props.hint}
      </form>
    );
  }
);

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
