import { INotebookBridge } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import {
  atIcon,
  cellShareIcon,
  microphoneIcon,
  sendIcon,
  togetherIcon
} from '../icons';
import { IconButton } from '../parts/Button';
import { shares } from '../thread/roles';
import { AttachButton } from './AttachButton';
import { Budget } from './Budget';
import { IDictation } from './useDictation';

/** Below the text: what can be added to it, what is left of replies, and Send. */
export function ComposerTools(props: {
  sendable: boolean;
  editing: boolean;
  onMention: () => void;
  onShare: (bridge: INotebookBridge) => void;
  /** Null where files cannot be attached. */
  onFiles: ((files: Iterable<File>) => void) | null;
  dictation: IDictation;
  /** Go on together with others; null where that cannot be. */
  onTogether: (() => void) | null;
  onSend: () => void;
}): JSX.Element {
  const { sendable, editing, dictation } = props;
  const { chat, trans, bridge } = usePanel();
  const { thread } = useThread();
  const role = useField(thread, t => t.role);
  const online = useField(chat, c => c.connection).state !== 'offline';
  const send = editing
    ? trans.__('Save')
    : online
      ? trans.__('Send')
      : trans.__('Send when back');
  return (
    <div
      className="gc-Composer-bar"
      role="toolbar"
      aria-label={trans.__('Message tools')}
    >
      {bridge && shares(role) && !editing && (
        <ShareButton bridge={bridge} onShare={props.onShare} />
      )}
      {props.onFiles && <AttachButton onFiles={props.onFiles} />}
      <IconButton
        icon={atIcon}
        label={trans.__('Mention someone')}
        onClick={props.onMention}
      />
      {dictation.possible && (
        <IconButton
          icon={microphoneIcon}
          label={trans.__('Dictate')}
          aria-disabled={dictation.now !== null}
          onClick={dictation.start}
        />
      )}
      {props.onTogether && !editing && (
        <IconButton
          icon={togetherIcon}
          label={trans.__('Write together')}
          aria-disabled={!online}
          onClick={props.onTogether}
        />
      )}
      <span className="gc-mod-push" />
      {online && <Budget />}
      <IconButton
        className="gc-Composer-send"
        icon={sendIcon}
        label={send}
        aria-disabled={!sendable}
        onClick={props.onSend}
      />
    </div>
  );
}

function ShareButton(props: {
  bridge: INotebookBridge;
  onShare: (bridge: INotebookBridge) => void;
}): JSX.Element {
  const { bridge, onShare } = props;
  const { trans } = usePanel();
  const available = useField(bridge, b => b.available);
  return (
    <IconButton
      icon={cellShareIcon}
      label={
        available
          ? trans.__('Share the selected cells')
          : trans.__('Open a notebook and select a cell to share it')
      }
      aria-disabled={!available}
      onClick={() => onShare(bridge)}
    />
  );
}
