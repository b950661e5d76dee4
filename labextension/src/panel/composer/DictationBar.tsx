import { CSSProperties, useEffect } from 'react';

import { usePanel } from '../context';
import { useNow } from '../hooks/useNow';
import { stopIcon } from '../icons';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { Recorder } from './recorder';
import { IDictation } from './useDictation';

/** What becomes of what the person says: recorded, written down, or why not. */
export function DictationBar(props: {
  dictation: IDictation;
  onCancel: () => void;
}): JSX.Element | null {
  const { dictation, onCancel } = props;
  const { trans } = usePanel();
  const { now } = dictation;
  if (now === null) {
    return null;
  }
  return (
    <div
      className="gc-Dictation"
      role="group"
      aria-label={trans.__('Dictation')}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onCancel();
        }
      }}
    >
      {now.phase === 'recording' ? (
        <Recording
          recorder={now.recorder}
          longest={dictation.longest}
          onStop={dictation.stop}
        />
      ) : now.phase === 'failed' ? (
        <Notice
          tone="error"
          role="alert"
          actions={
            <>
              <Button mods="quiet small" onClick={onCancel}>
                {now.recording === null
                  ? trans.__('Dismiss')
                  : trans.__('Discard')}
              </Button>
              <Button mods="small" onClick={dictation.retry}>
                {now.recording === null
                  ? trans.__('Try again')
                  : trans.__('Send again')}
              </Button>
            </>
          }
        >
          {now.recording === null
            ? now.problem
            : trans.__('%1 The recording is kept.', now.problem)}
        </Notice>
      ) : (
        <span className="gc-Dictation-words" role="status">
          {now.phase === 'asking'
            ? trans.__('Waiting for the microphone')
            : trans.__('Writing down what you said')}
        </span>
      )}
      {now.phase !== 'failed' && (
        <Button mods="quiet small" onClick={onCancel}>
          {trans.__('Cancel')}
        </Button>
      )}
    </div>
  );
}

/** The time and how loud it is; at the longest it stops by itself. */
function Recording(props: {
  recorder: Recorder;
  longest: number;
  onStop: () => void;
}): JSX.Element {
  const { recorder, longest, onStop } = props;
  const { trans } = usePanel();
  useNow(100);
  const { seconds, level } = recorder;
  const over = seconds >= longest;
  useEffect(() => {
    if (over) {
      onStop();
    }
  }, [over, onStop]);
  const style = { '--level': level.toFixed(2) } as CSSProperties;
  return (
    <>
      <i className="gc-Dictation-level" style={style} aria-hidden="true" />
      <span className="gc-Dictation-words">
        {trans.__('Recording')}{' '}
        <span role="timer">{`${clock(seconds)} / ${clock(longest)}`}</span>
      </span>
      <Button mods="small" icon={stopIcon} autoFocus onClick={onStop}>
        {trans.__('Stop')}
      </Button>
    </>
  );
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
