import { ReactNode } from 'react';

import { INotebookBridge } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { atIcon, cellShareIcon, microphoneIcon, sendIcon } from '../icons';
import { IconButton } from '../parts/Button';
import { shares } from '../thread/roles';
import { AttachButton } from './AttachButton';
import { Budget } from './Budget';
import { IDictation } from './useDictation';

/** Below the text: what can be added to it, what is left of replies, and Send. */
export function ComposerTools(props: {
  sendable: boolean;
  sendLabel: string;
  onMention: () => void;
  /** Null where cells, or files, cannot be attached. */
  onShare: ((bridge: INotebookBridge) => void) | null;
  onFiles: ((files: Iterable<File>) => void) | null;
  dictation: IDictation;
  onSend: () => void;
  /** Further tools. */
  children: ReactNode;
}): JSX.Element {
  const { sendable, sendLabel, onShare, dictation } = props;
  const { chat, trans, bridge } = usePanel();
  const { thread } = useThread();
  const role = useField(thread, t => t.role);
  const online = useField(chat, c => c.connection).state !== 'offline';
  return (
    <div
      className="gc-Composer-bar"
      role="toolbar"
      aria-label={trans.__('Message tools')}
    >
      {props.onFiles && <AttachButton onFiles={props.onFiles} />}
      {bridge && shares(role) && onShare && (
        <ShareButton bridge={bridge} onShare={onShare} />
      )}
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
      {props.children}
      <span className="gc-mod-push" />
      {online && <Budget />}
      <IconButton
        className="gc-Composer-send"
        icon={sendIcon}
        label={sendLabel}
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
