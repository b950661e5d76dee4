import { useId, useRef } from 'react';

import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { closeIcon, importIcon, plusIcon } from '../icons';
import { Button, IconButton } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { IImport, useImport } from './useImport';

/** The ways to a new thread: an empty one, or one out of a file. Where that is for others only, why. */
export function StartBar(props: { onNew: () => void }): JSX.Element {
  const { chat, trans } = usePanel();
  const allowed = useField(chat, c => c.me)?.allowed.threads ?? true;
  const input = useRef<HTMLInputElement>(null);
  const imports = useImport();
  const reason = useId();
  return (
    <div className="gc-StartBar">
      <div className="gc-Actions">
        <Button
          mods="primary"
          icon={plusIcon}
          aria-disabled={!allowed}
          aria-describedby={allowed ? undefined : reason}
          onClick={props.onNew}
        >
          {trans.__('New thread')}
        </Button>
        {allowed && (
          <Button
            mods="quiet"
            icon={importIcon}
            title={trans.__('Start a thread with what a file holds')}
            aria-disabled={imports.running}
            onClick={() => input.current?.click()}
          >
            {trans.__('Import')}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          accept=".jsonl,.chat"
          aria-label={trans.__('File to import')}
          hidden
          onChange={event => {
            const file = event.target.files?.[0];
            if (file) {
              imports.start(file);
            }
            // The same file can then be chosen again.
            event.target.value = '';
          }}
        />
      </div>
      {!allowed && (
        <p className="gc-meta" id={reason}>
          {trans.__(
            'Only people whom the operator of this server has chosen start threads here. Ask one of them to invite you.'
          )}
        </p>
      )}
      <Progress imports={imports} />
    </div>
  );
}

/** How far an import is, or why there is none. */
function Progress({ imports }: { imports: IImport }): JSX.Element | null {
  const { trans } = usePanel();
  const { name, share, problem } = imports;
  if (problem !== null) {
    return (
      <Notice tone="error" role="alert" onDismiss={imports.clear}>
        {trans.__('“%1” was not imported. %2', name, problem)}
      </Notice>
    );
  }
  if (!imports.running) {
    return null;
  }
  const percent = Math.round(share * 100);
  return (
    <div className="gc-StartBar-import">
      <progress
        max={100}
        value={percent < 100 ? percent : undefined}
        aria-label={trans.__('Importing %1', name)}
      />
      <span className="gc-meta gc-truncate" role="status">
        {percent < 100
          ? trans.__('Sending %1', name)
          : trans.__('Reading %1', name)}
      </span>
      {percent < 100 && (
        <IconButton
          mods="24"
          icon={closeIcon}
          label={trans.__('Stop')}
          onClick={imports.stop}
        />
      )}
    </div>
  );
}
