import { useEffect, useRef } from 'react';

import { ICatchUp } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { closeIcon, lockIcon } from '../icons';
import { Button, IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Mark } from '../parts/Mark';
import { Notice } from '../parts/Notice';
import { CatchUpPoint } from './CatchUpPoint';
import { ICatchingUp } from './useCatchUp';

/** What was said since the person left, as the assistant tells it to them alone. */
export function CatchUpCard(props: {
  catchingUp: ICatchingUp;
  onRetry: () => void;
  onClose: () => void;
}): JSX.Element {
  const { catchingUp, onRetry, onClose } = props;
  const { since, whole, told, problem } = catchingUp;
  const { state, trans } = usePanel();
  const { assistantName } = useThread();
  const card = useRef<HTMLElement>(null);
  const reading = told === undefined && problem === undefined;

  useEffect(() => {
    card.current?.focus();
  }, [since]);

  return (
    <section
      className="gc-CatchUp"
      aria-label={trans.__('Catch-up')}
      aria-busy={reading}
      tabIndex={-1}
      ref={card}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
          state.callFocus();
        }
      }}
    >
      <div className="gc-CatchUp-head">
        <Mark size={20} writing={reading} name={assistantName} />
        <h3 className="gc-truncate">
          {whole ? trans.__('The whole thread') : trans.__('Since you left')}
        </h3>
        <span className="gc-CatchUp-private">
          <Icon icon={lockIcon} small />
          {trans.__('Only you see this')}
        </span>
        {!reading && (
          <IconButton
            mods="24"
            icon={closeIcon}
            label={trans.__('Dismiss the catch-up')}
            onClick={onClose}
          />
        )}
      </div>
      {reading && (
        <div className="gc-CatchUp-reading">
          <span role="status">
            {trans.__('%1 is reading what was said', assistantName)}
          </span>
          <Button mods="small" onClick={onClose}>
            {trans.__('Stop')}
          </Button>
        </div>
      )}
      {problem !== undefined && (
        <Notice
          tone="error"
          role="alert"
          actions={
            <Button mods="small" onClick={onRetry}>
              {trans.__('Retry')}
            </Button>
          }
        >
          {trans.__('No catch-up: %1', problem)}
        </Notice>
      )}
      {told && <Told told={told} />}
    </section>
  );
}

function Told({ told }: { told: ICatchUp }): JSX.Element {
  const { trans } = usePanel();
  const { points, messages, leftOut, model } = told;
  if (points.length === 0) {
    return (
      <p className="gc-Nothing">{trans.__('Nothing was said since then.')}</p>
    );
  }
  return (
    <>
      <ul className="gc-CatchUp-points">
        {points.map((point, index) => (
          <CatchUpPoint key={index} point={point} />
        ))}
      </ul>
      <p className="gc-CatchUp-foot">
        {model !== null && <span>{model}</span>}
        <span>{trans._n('read %1 message', 'read %1 messages', messages)}</span>
        {leftOut > 0 && (
          <b>
            {trans._n(
              '%1 older one did not fit',
              '%1 older ones did not fit',
              leftOut
            )}
          </b>
        )}
      </p>
    </>
  );
}
