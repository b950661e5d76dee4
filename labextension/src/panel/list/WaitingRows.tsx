import { IWaiting } from '../../model/interfaces';
import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { clockIcon } from '../icons';
import { Icon } from '../parts/Icon';
import { Section } from '../parts/Section';
import { headline } from './WaitingView';

/** The threads that the person asks to be let into, above those that they are in. */
export function WaitingRows(): JSX.Element | null {
  const { chat, trans } = usePanel();
  const waiting = useField(chat, c => c.waiting);
  return waiting.length === 0 ? null : (
    <Section title={trans.__('Waiting')} count={waiting.length}>
      <div role="list">
        {waiting.map(each => (
          <div role="listitem" key={each.thread}>
            <WaitingRow waiting={each} />
          </div>
        ))}
      </div>
    </Section>
  );
}

function WaitingRow({ waiting }: { waiting: IWaiting }): JSX.Element {
  const { state, trans, times } = usePanel();
  return (
    <button
      type="button"
      className="gc-ThreadRow"
      onClick={() => state.wait(waiting.thread)}
    >
      <span className="gc-ThreadRow-title">
        <Icon icon={clockIcon} />
        <b className="gc-truncate">{waiting.title}</b>
      </span>
      <time className="gc-meta" dateTime={waiting.askedAt.toISOString()}>
        {times.brief(waiting.askedAt)}
      </time>
      <span className="gc-ThreadRow-preview gc-truncate">
        {headline(waiting, trans)}
      </span>
    </button>
  );
}
