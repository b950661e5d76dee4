import { usePanel } from '../context';
import { clockIcon } from '../icons';
import { Button } from '../parts/Button';

/** So many new messages are worth summing up. */
const MANY = 8;

/** Where the new messages begin; where they are many, with an offer to be told what they say. */
export function UnreadDivider(props: {
  count: number;
  /** Null where there is nobody who could tell. */
  onCatchUp: (() => void) | null;
}): JSX.Element {
  const { count, onCatchUp } = props;
  const { trans } = usePanel();
  return (
    <>
      <div className="gc-Day gc-mod-unread" role="separator">
        {trans._n('%1 new', '%1 new', count)}
      </div>
      {count >= MANY && onCatchUp !== null && (
        <div className="gc-CatchUpOffer">
          <Button mods="quiet small" icon={clockIcon} onClick={onCatchUp}>
            {trans.__('Catch up')}
          </Button>
          <span className="gc-meta">
            {trans.__('What the %1 new messages say, in short', count)}
          </span>
        </div>
      )}
    </>
  );
}
