import { CSSProperties, Fragment } from 'react';

import { ICaret } from '../../model/interfaces';
import { useThread } from '../context';
import { firstName } from '../text/plain';

/** The text of a field once more, unseen behind it: it gives the field its height, and others their places. */
export function Mirror(props: {
  text: string;
  carets: readonly ICaret[];
}): JSX.Element {
  const { text, carets } = props;
  const marks = new Set([0, text.length]);
  carets.forEach(({ anchor, head }) => marks.add(anchor).add(head));
  const places = [...marks].sort((a, b) => a - b);
  return (
    <>
      {places.map((place, i) => {
        const next = places[i + 1] ?? text.length;
        const inside = carets.find(
          ({ anchor, head }) =>
            Math.min(anchor, head) <= place && next <= Math.max(anchor, head)
        );
        const piece = text.slice(place, next);
        return (
          <Fragment key={place}>
            {carets
              .filter(({ head }) => head === place)
              .map(caret => (
                <Caret key={caret.username} username={caret.username} />
              ))}
            {inside === undefined || piece === '' ? (
              piece
            ) : (
              <Selected username={inside.username}>{piece}</Selected>
            )}
          </Fragment>
        );
      })}
      {'\n'}
    </>
  );
}

function useColour(username: string): CSSProperties {
  const { members } = useThread();
  const colour = members.get(username)?.colour;
  return {
    '--who':
      colour === undefined
        ? 'var(--gc-line-control)'
        : `var(--gc-who-${colour})`
  } as CSSProperties;
}

function Caret({ username }: { username: string }): JSX.Element {
  const { nameOf } = useThread();
  return (
    <span className="gc-OtherCaret" style={useColour(username)}>
      <b>{firstName(nameOf(username))}</b>
    </span>
  );
}

function Selected(props: { username: string; children: string }): JSX.Element {
  return (
    <span className="gc-OtherCaret-selected" style={useColour(props.username)}>
      {props.children}
    </span>
  );
}
