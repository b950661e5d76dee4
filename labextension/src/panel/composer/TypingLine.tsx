import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { firstName } from '../text/plain';

/** Who is typing. The line keeps its place while nobody is. */
export function TypingLine(): JSX.Element {
  const { trans } = usePanel();
  const { thread, nameOf, me } = useThread();
  const typing = useField(thread, t => t.typing);
  const names = typing
    .filter(username => username !== me)
    .map(username => firstName(nameOf(username)));
  const words =
    names.length === 0
      ? null
      : names.length === 1
        ? trans.__('%1 is typing', names[0])
        : names.length === 2
          ? trans.__('%1 and %2 are typing', names[0], names[1])
          : trans.__('%1 people are typing', names.length);
  return (
    <p className="gc-Typing">
      {words !== null && (
        <>
          <i aria-hidden="true">
            <i />
          </i>
          {words}
        </>
      )}
    </p>
  );
}
