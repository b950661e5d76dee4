import { useState } from 'react';

import { usePanel } from '../context';
import { initials } from '../text/plain';

/** A person: a circle in the colour of their cursor, or a ring for a guest, with a dot while they are here. */
export function Avatar(props: {
  name: string;
  /** Index into the cursor colours; without one, somebody who left. */
  colour?: number;
  picture?: string;
  size?: number;
  here?: boolean;
  guest?: boolean;
}): JSX.Element {
  const { name, colour, picture, size = 24, here, guest } = props;
  const { chat, trans } = usePanel();
  const [broken, setBroken] = useState<string | null>(null);
  const who =
    colour === undefined ? 'var(--gc-line-control)' : `var(--gc-who-${colour})`;
  return (
    <span
      className={`gc-Avatar${guest ? ' gc-mod-guest' : ''}`}
      style={{ '--size': `${size}px`, '--who': who } as React.CSSProperties}
      role="img"
      aria-label={here ? trans.__('%1, here', name) : name}
      title={name}
    >
      {picture && picture !== broken ? (
        <img
          src={chat.pictureUrl(picture)}
          alt=""
          referrerPolicy="no-referrer"
          onError={() => setBroken(picture)}
        />
      ) : (
        initials(name)
      )}
      {here && <i />}
    </span>
  );
}
