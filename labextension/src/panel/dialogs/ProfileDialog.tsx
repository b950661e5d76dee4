import { FormEvent, useEffect, useRef, useState } from 'react';

import { IProfile } from '../../model/interfaces';
import { usePanel } from '../context';
import { useAction } from '../hooks/useAction';
import { Avatar } from '../parts/Avatar';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';

/** Characters of a name. */
const LONGEST = 60;

/** The person's own name and picture. */
export function ProfileDialog(): JSX.Element {
  const { chat } = usePanel();
  const [profile, setProfile] = useState<IProfile | null>(null);
  const { busy, problem, run } = useAction();
  const change = (action: () => Promise<IProfile>) =>
    run(async () => setProfile(await action()));
  useEffect(
    () => run(async () => setProfile(await chat.profile.read())),
    [chat, run]
  );
  return (
    <>
      {profile !== null && (
        <>
          <Picture profile={profile} busy={busy} change={change} />
          <Name
            key={profile.displayName ?? ''}
            profile={profile}
            busy={busy}
            change={change}
          />
        </>
      )}
      {problem !== null && (
        <Notice tone="error" role="alert">
          {problem}
        </Notice>
      )}
    </>
  );
}

interface IPart {
  profile: IProfile;
  busy: boolean;
  change: (action: () => Promise<IProfile>) => void;
}

function Picture({ profile, busy, change }: IPart): JSX.Element {
  const { chat, trans } = usePanel();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="gc-ProfilePicture">
      <Avatar name={profile.name} picture={profile.avatar} size={72} />
      <div>
        <div className="gc-Actions">
          <Button aria-disabled={busy} onClick={() => input.current?.click()}>
            {profile.picture === undefined
              ? trans.__('Choose a picture')
              : trans.__('Change picture')}
          </Button>
          {profile.picture !== undefined && (
            <Button
              mods="quiet danger"
              aria-disabled={busy}
              onClick={() => change(() => chat.profile.removePicture())}
            >
              {trans.__('Remove')}
            </Button>
          )}
        </div>
        <p className="gc-meta">
          {trans.__('PNG, JPEG, GIF or WebP. The middle of it is kept, small.')}
        </p>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={trans.__('Picture')}
          accept="image/png,image/jpeg,image/gif,image/webp"
          onChange={event => {
            const file = event.target.files?.[0];
            if (file) {
              change(() => chat.profile.setPicture(file));
            }
            // The same file can then be chosen again.
            event.target.value = '';
          }}
        />
      </div>
    </div>
  );
}

function Name({ profile, busy, change }: IPart): JSX.Element {
  const { chat, trans } = usePanel();
  const { displayName, identityName, name, username } = profile;
  const [draft, setDraft] = useState(name);
  const wanted = draft.trim();
  const idle = busy || wanted === '' || wanted === name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!idle) {
      change(() => chat.profile.rename(wanted));
    }
  };
  return (
    <form className="gc-ProfileName" onSubmit={submit}>
      <label>
        <span className="gc-Label">{trans.__('Name')}</span>
        <input
          className="gc-Input"
          value={draft}
          maxLength={LONGEST}
          placeholder={identityName}
          onChange={event => setDraft(event.target.value)}
        />
      </label>
      <p className="gc-meta">
        {trans.__(
          'Everybody in your threads sees it. Your username stays %1.',
          username
        )}
      </p>
      <div className="gc-Actions">
        <Button type="submit" mods="primary" aria-disabled={idle}>
          {trans.__('Save name')}
        </Button>
        {displayName !== undefined && (
          <Button
            mods="quiet"
            aria-disabled={busy}
            onClick={() => change(() => chat.profile.rename(null))}
          >
            {trans.__('Use “%1” again', identityName)}
          </Button>
        )}
      </div>
    </form>
  );
}
