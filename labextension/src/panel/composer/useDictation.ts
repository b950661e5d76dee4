import { useCallback, useEffect, useRef, useState } from 'react';

import { usePanel, useThread } from '../context';
import { wordsOf } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { canRecord, Recorder } from './recorder';

/** Where a dictation stands. A recording that was not written down is kept until it is, or is discarded. */
export type Dictating =
  | { readonly phase: 'asking' }
  | { readonly phase: 'recording'; readonly recorder: Recorder }
  | { readonly phase: 'writing'; readonly recording: Blob }
  | {
      readonly phase: 'failed';
      readonly problem: string;
      readonly recording: Blob | null;
    };

export interface IDictation {
  /** Whether people can dictate here. */
  readonly possible: boolean;
  /** Null while nothing is under way. */
  readonly now: Dictating | null;
  /** The longest recording, in seconds. */
  readonly longest: number;
  start(): void;
  /** End the recording and have it written down. */
  stop(): void;
  /** Have a recording that is kept written down again. */
  retry(): void;
  /** Discard what was recorded, or what went wrong. */
  cancel(): void;
}

/** Recordings that could not be written down, by thread: they are there when the thread is opened again. */
const kept = new Map<string, Extract<Dictating, { phase: 'failed' }>>();

/** Dictation for one composer. `onText` gets what was said. */
export function useDictation(onText: (text: string) => void): IDictation {
  const { chat, state, trans } = usePanel();
  const { thread } = useThread();
  const limits = useField(chat, c => c.me)?.dictation ?? null;
  const [now, setNow] = useState<Dictating | null>(
    () => kept.get(thread.id) ?? null
  );
  const latest = useRef<Dictating | null>(now);
  const sending = useRef<AbortController | null>(null);

  const put = useCallback(
    (next: Dictating | null) => {
      latest.current = next;
      setNow(next);
      if (next?.phase === 'failed' && next.recording !== null) {
        kept.set(thread.id, next);
      } else {
        kept.delete(thread.id);
      }
    },
    [thread.id]
  );

  const send = useCallback(
    (recording: Blob) => {
      const mine = new AbortController();
      sending.current = mine;
      put({ phase: 'writing', recording });
      chat.transcribe(recording, mine.signal).then(
        text => {
          if (sending.current === mine) {
            put(null);
            onText(text);
            state.say(trans.__('Written down'));
          }
        },
        (error: unknown) => {
          if (sending.current === mine) {
            put({ phase: 'failed', problem: wordsOf(error), recording });
          }
        }
      );
    },
    [chat, state, trans, onText, put]
  );

  const start = useCallback(() => {
    const asking: Dictating = { phase: 'asking' };
    put(asking);
    Recorder.start().then(
      recorder => {
        if (latest.current === asking) {
          put({ phase: 'recording', recorder });
          state.say(trans.__('Recording'));
        } else {
          recorder.cancel();
        }
      },
      (error: unknown) => {
        if (latest.current === asking) {
          const name = error instanceof DOMException ? error.name : '';
          const problem =
            {
              NotAllowedError: trans.__(
                'The browser does not let this page use the microphone. Allow it beside the address, then try again.'
              ),
              NotFoundError: trans.__('No microphone was found.'),
              NotReadableError: trans.__(
                'The microphone cannot be used; another program may have it.'
              )
            }[name] ?? wordsOf(error);
          put({ phase: 'failed', problem, recording: null });
        }
      }
    );
  }, [put, state, trans]);

  const stop = useCallback(() => {
    const { current } = latest;
    if (current?.phase === 'recording') {
      void current.recorder.stop().then(recording => {
        if (latest.current === current) {
          send(recording);
        }
      });
    }
  }, [send]);

  const cancel = useCallback(() => {
    const { current } = latest;
    if (current?.phase === 'recording') {
      current.recorder.cancel();
    }
    sending.current?.abort();
    sending.current = null;
    put(null);
  }, [put]);

  const retry = useCallback(() => {
    const { current } = latest;
    if (current?.phase === 'failed' && current.recording !== null) {
      send(current.recording);
    } else {
      start();
    }
  }, [send, start]);

  // Whoever leaves the thread while speaking stops recording; what was being written down is kept.
  useEffect(
    () => () => {
      const { current } = latest;
      if (current?.phase === 'recording') {
        current.recorder.cancel();
      } else if (current?.phase === 'writing') {
        sending.current?.abort();
        sending.current = null;
        kept.set(thread.id, {
          phase: 'failed',
          problem: trans.__('You left before this was written down.'),
          recording: current.recording
        });
      }
    },
    [thread.id, trans]
  );

  return {
    possible: limits !== null && canRecord(),
    now,
    longest: limits?.seconds ?? 0,
    start,
    stop,
    retry,
    cancel
  };
}
