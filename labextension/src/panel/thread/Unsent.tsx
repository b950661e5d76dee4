import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';

/** What a person wrote to a thread that is not there any more: kept, to be taken elsewhere. */
export function Unsent(): JSX.Element | null {
  const { state, trans } = usePanel();
  const { thread } = useThread();
  const unsent = useField(thread, t => t.messages); // nothing else is left of it
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    state.say(trans.__('Copied'));
  };
  return unsent.length === 0 ? null : (
    <section className="gc-Unsent" aria-labelledby="gc-unsent">
      <h4 id="gc-unsent">{trans.__('You wrote this, and it was not sent')}</h4>
      {unsent.map(({ id, body }) => (
        <Notice
          key={id}
          actions={
            <>
              <Button
                mods="quiet small"
                onClick={() => {
                  thread.discard(id);
                }}
              >
                {trans.__('Discard')}
              </Button>
              <Button mods="small" onClick={() => void copy(body)}>
                {trans.__('Copy')}
              </Button>
            </>
          }
        >
          {body}
        </Notice>
      ))}
    </section>
  );
}
