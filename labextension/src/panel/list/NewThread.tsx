import { FormEvent, useState } from 'react';

import { INotebookBridge } from '../../model/interfaces';
import { usePanel } from '../context';
import { useAction } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { baseName } from '../text/plain';

/** The form that starts a thread: a title, and whether it is about the notebook in front. */
export function NewThread(props: { onClose: () => void }): JSX.Element {
  const { chat, state, trans, bridge } = usePanel();
  const { busy, problem, run } = useAction();
  const [title, setTitle] = useState('');
  const [notebook, setNotebook] = useState<string | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() === '' || busy) {
      return;
    }
    run(async () => {
      const id = await chat.create({
        title: title.trim(),
        ...(notebook === null ? {} : { notebook })
      });
      props.onClose();
      state.open(id);
      state.callFocus();
    });
  };

  return (
    <form
      className="gc-NewThread"
      aria-label={trans.__('New thread')}
      onSubmit={submit}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          props.onClose();
        }
      }}
    >
      <input
        className="gc-Input"
        aria-label={trans.__('Title')}
        placeholder={trans.__('What is it about?')}
        maxLength={200}
        autoFocus
        value={title}
        onChange={event => setTitle(event.target.value)}
      />
      {bridge && <AboutNotebook bridge={bridge} onChange={setNotebook} />}
      {problem !== null && <Notice tone="error">{problem}</Notice>}
      <div className="gc-Actions">
        <Button
          type="submit"
          mods="primary"
          aria-disabled={title.trim() === '' || busy}
        >
          {trans.__('Start thread')}
        </Button>
        <Button mods="quiet" onClick={props.onClose}>
          {trans.__('Cancel')}
        </Button>
      </div>
    </form>
  );
}

function AboutNotebook(props: {
  bridge: INotebookBridge;
  onChange: (path: string | null) => void;
}): JSX.Element | null {
  const { bridge, onChange } = props;
  const { trans } = usePanel();
  const path = useField(bridge, b => b.path);
  if (path === null) {
    return null;
  }
  return (
    <label className="gc-Check" title={path}>
      <input
        type="checkbox"
        onChange={event => onChange(event.target.checked ? path : null)}
      />
      <span className="gc-truncate">
        {trans.__('About %1', baseName(path))}
      </span>
    </label>
  );
}
