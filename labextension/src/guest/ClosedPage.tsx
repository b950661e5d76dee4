import type { TranslationBundle } from '@jupyterlab/translation';

import { Button } from '../panel/parts/Button';
import { useGuest } from './context';
import type { Closing } from './door';
import { Sheet } from './Sheet';

/** In the place of a thread that cannot be shown, or no longer: why, and what to do. */
export function ClosedPage(props: {
  why: Closing;
  message: string;
}): JSX.Element {
  const { why, message } = props;
  const { door, trans } = useGuest();
  const [title, advice] = words(why, message, trans);
  return (
    <Sheet
      title={title}
      action={
        why === 'guesses' && (
          <Button mods="primary" onClick={() => void door.open()}>
            {trans.__('Try again')}
          </Button>
        )
      }
    >
      <span role="alert">{advice}</span>
    </Sheet>
  );
}

/** What one reads first, and what follows from it. */
function words(
  why: Closing,
  message: string,
  trans: TranslationBundle
): [string, string] {
  const kept = trans.__('What you wrote stays in the thread.');
  const askAgain = trans.__('Ask who invited you for a new link.');
  switch (why) {
    case 'left':
      return [trans.__('You have left'), `${kept} ${askAgain}`];
    case 'ended':
      return [trans.__('Your access has ended'), `${kept} ${askAgain}`];
    case 'removed':
      return [
        trans.__('You were removed from the thread'),
        trans.__('%1 Talk to who invited you if that surprises you.', kept)
      ];
    case 'denied':
      return [
        trans.__('You were not let in'),
        trans.__('Talk to who invited you if you think that you should be.')
      ];
    case 'deleted':
      return [
        trans.__('This thread was deleted'),
        trans.__('Its owner deleted it, with all that was written in it.')
      ];
    case 'archived':
      return [
        trans.__('This thread is closed'),
        trans.__('It was archived: nobody can join it at the moment.')
      ];
    case 'off':
      return [
        trans.__('Guests are not let in at the moment'),
        trans.__('The people who run this server switched that off.')
      ];
    case 'none':
      return [
        trans.__('You need a link'),
        trans.__('Open the link that somebody sent you, or ask for a new one.')
      ];
    case 'wrong':
      return [
        trans.__('This link does not work'),
        trans.__(
          'Check that it is complete, to the last letter. It may also have been replaced by a new one: ask who sent it.'
        )
      ];
    case 'gone':
      return [trans.__('This link no longer works'), `${message} ${askAgain}`];
    case 'full':
      return [
        trans.__('The thread is full'),
        trans.__('Nobody else can join. Ask who invited you to make room.')
      ];
    case 'guesses':
      return [trans.__('Too many tries'), message];
  }
}
