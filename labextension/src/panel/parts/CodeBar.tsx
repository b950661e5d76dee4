import { useEffect, useState } from 'react';

import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { checkIcon, copyIcon, insertIcon, replaceIcon } from '../icons';
import { Button } from './Button';
import { INotebookBridge } from '../../model/interfaces';

/** What can be done with a piece of code. */
export function CodeBar(props: {
  code: string;
  language: string;
}): JSX.Element {
  const { code, language } = props;
  const { trans, bridge, state } = usePanel();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) {
      return;
    }
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    await navigator.clipboard.writeText(code);
    setCopied(true);
    state.say(trans.__('Copied'));
  };

  return (
    <div
      className="gc-CodeBlock-bar"
      role="toolbar"
      aria-label={trans.__('Code actions')}
    >
      <span>{language}</span>
      <Button
        mods="quiet small"
        icon={copied ? checkIcon : copyIcon}
        title={trans.__('Copy')}
        collapses
        onClick={() => void copy()}
      >
        {copied ? trans.__('Copied') : trans.__('Copy')}
      </Button>
      {bridge && <IntoNotebook bridge={bridge} code={code} />}
    </div>
  );
}

/** The buttons that write into the notebook in front. */
function IntoNotebook(props: {
  bridge: INotebookBridge;
  code: string;
}): JSX.Element {
  const { bridge, code } = props;
  const { trans } = usePanel();
  const available = useField(bridge, b => b.available);
  const why = trans.__('Open a notebook and select a cell first');
  return (
    <>
      <Button
        mods="quiet small"
        icon={insertIcon}
        title={available ? trans.__('Insert below the active cell') : why}
        aria-disabled={!available}
        collapses
        onClick={() => void bridge.insertBelow(code)}
      >
        {trans.__('Insert below')}
      </Button>
      <Button
        mods="quiet small"
        icon={replaceIcon}
        title={
          available ? trans.__('Replace the source of the active cell') : why
        }
        aria-disabled={!available}
        collapses
        onClick={() => void bridge.replaceActive(code)}
      >
        {trans.__('Replace cell')}
      </Button>
    </>
  );
}
