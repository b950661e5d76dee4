import { ISharedDraftRow } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { togetherIcon } from '../icons';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { firstName } from '../text/plain';

/** The messages that members write together, each with a way in. */
export function TogetherBar(props: {
  /** The one that this person is at. */
  joined: string | null;
  onJoin: (draftId: string) => void;
}): JSX.Element | null {
  const { trans } = usePanel();
  const { thread, nameOf } = useThread();
  const drafts = useField(thread, t => t.together);
  const others = drafts.filter(({ id }) => id !== props.joined);
  if (others.length === 0) {
    return null;
  }
  const words = ({ by, writers }: ISharedDraftRow) => {
    const names = [...new Set([by, ...writers])].map(username =>
      firstName(nameOf(username))
    );
    return names.length === 1
      ? trans.__('%1 writes a message together with others', names[0])
      : names.length === 2
        ? trans.__('%1 and %2 write a message together', names[0], names[1])
        : trans.__(
            '%1 and %2 others write a message together',
            names[0],
            names.length - 1
          );
  };
  return (
    <div className="gc-Together-bar">
      {others.map(draft => (
        <Notice
          key={draft.id}
          icon={togetherIcon}
          role="status"
          actions={
            <Button mods="small" onClick={() => props.onJoin(draft.id)}>
              {trans.__('Join')}
            </Button>
          }
        >
          {words(draft)}
        </Notice>
      ))}
    </div>
  );
}
