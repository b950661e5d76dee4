import { useEffect, useState } from 'react';

import { ASSISTANT, IManifest, IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAction } from '../hooks/useAction';
import { copyIcon } from '../icons';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { Skeleton } from '../parts/Skeleton';
import { ManifestCells, ManifestFiles } from './ManifestCells';
import { ManifestMessages } from './ManifestMessages';
import { ManifestTools } from './ManifestTools';

/** Holds a manifest once it was read, for the dialog's body and its footer. */
export interface IManifestSource {
  read(): Promise<IManifest>;
}

/** What went into the request that a reply answered. */
export function ManifestDialog(props: {
  message: IMessage;
  source: IManifestSource;
}): JSX.Element {
  const { message, source } = props;
  const { trans } = usePanel();
  const { problem, run } = useAction();
  const [manifest, setManifest] = useState<IManifest | null>(null);
  useEffect(
    () => run(async () => setManifest(await source.read())),
    [run, source]
  );
  if (problem !== null) {
    return <Notice tone="error">{problem}</Notice>;
  }
  if (manifest === null) {
    return <Skeleton label={trans.__('Loading')} />;
  }
  return (
    <>
      <Facts manifest={manifest} message={message} />
      <Instructions text={manifest.instructions} />
      <ManifestCells cells={manifest.cells} />
      <ManifestMessages
        ids={manifest.messages}
        cut={manifest.messages_cut}
        about={message.reply?.about}
      />
      <ManifestFiles files={manifest.files} />
      <ManifestTools used={manifest.used} />
    </>
  );
}

function Facts(props: { manifest: IManifest; message: IMessage }): JSX.Element {
  const { manifest, message } = props;
  const { trans } = usePanel();
  const { nameOf } = useThread();
  const asker = message.reply?.asked_by;
  return (
    <dl className="gc-Facts">
      <dt>{trans.__('Model')}</dt>
      <dd>{manifest.model}</dd>
      <dt>{trans.__('Tokens')}</dt>
      <dd>
        {trans.__(
          '%1 in, %2 out',
          manifest.prompt_tokens.toLocaleString(),
          manifest.completion_tokens.toLocaleString()
        )}
      </dd>
      <dt>{trans.__('Counted by')}</dt>
      <dd>
        {manifest.counted_by === 'endpoint'
          ? trans.__('the model')
          : trans.__('estimate')}
      </dd>
      <dt>{trans.__('Asked by')}</dt>
      <dd>
        {asker === undefined || asker === ASSISTANT
          ? trans.__('nobody')
          : nameOf(asker)}
      </dd>
      {manifest.tools.length > 0 && (
        <>
          <dt>{trans.__('Tools offered')}</dt>
          <dd>{manifest.tools.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}

function Instructions(props: { text: string }): JSX.Element {
  const { trans } = usePanel();
  return (
    <section className="gc-ManifestSection">
      <h3>{trans.__('Instructions')}</h3>
      <p className="gc-ManifestText">
        {props.text === '' ? trans.__('None') : props.text}
      </p>
    </section>
  );
}

/** The manifest as it was recorded, to the clipboard. */
export function CopyManifest(props: { source: IManifestSource }): JSX.Element {
  const { trans, state } = usePanel();
  const [copied, setCopied] = useState(false);
  const { problem, run } = useAction();
  return (
    <>
      <Button
        icon={copyIcon}
        onClick={() =>
          run(async () => {
            const manifest = await props.source.read();
            await navigator.clipboard.writeText(
              JSON.stringify(manifest, null, 2)
            );
            setCopied(true);
            state.say(trans.__('Copied'));
          })
        }
      >
        {copied ? trans.__('Copied') : trans.__('Copy as JSON')}
      </Button>
      <span className="gc-meta">
        {problem ?? trans.__('Everyone in the thread can open this.')}
      </span>
    </>
  );
}
