import { ASSISTANT, IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useDialogs } from '../dialogs/useDialogs';
import { firstName } from '../text/plain';
import { modelOf } from './useModels';

/** Where a reply came from: model, what it saw, how much it took, who asked. */
export function ReplyFooter(props: { message: IMessage }): JSX.Element | null {
  const { message } = props;
  const { trans } = usePanel();
  const { nameOf, me } = useThread();
  const dialogs = useDialogs();
  const { reply } = message;
  if (reply === undefined) {
    return null;
  }
  const { seen, tokens, model_why: why, asked_by: askedBy } = reply;
  const model = modelOf(message);
  const asker =
    askedBy === undefined || askedBy === ASSISTANT
      ? undefined
      : askedBy === me
        ? trans.__('you')
        : firstName(nameOf(askedBy));
  return (
    <p className="gc-ReplyFooter">
      {model && <span>{model}</span>}
      {why && <span>{why}</span>}
      {seen && (
        <span>
          <button
            type="button"
            className="gc-Link"
            onClick={() => dialogs.manifest(message)}
          >
            {trans.__(
              'saw %1, %2',
              trans._n('%1 cell', '%1 cells', Object.keys(seen.cells).length),
              trans._n('%1 message', '%1 messages', seen.messages)
            )}
          </button>
        </span>
      )}
      {tokens !== undefined && tokens > 0 && (
        <span>{trans.__('%1 tokens', short(tokens))}</span>
      )}
      {asker !== undefined && <span>{trans.__('asked by %1', asker)}</span>}
    </p>
  );
}

/** 1234 as 1.2k. */
function short(count: number): string {
  return count < 1000 ? String(count) : `${(count / 1000).toFixed(1)}k`;
}
