import { forwardRef } from 'react';

import { IBringing } from '../../model/interfaces';
import { usePanel } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { togetherIcon } from '../icons';
import { IconButton } from '../parts/Button';
import { IMessageActions } from '../thread/actions';
import { Composer } from './Composer';
import { ComposerHint } from './ComposerHint';
import { TypingLine } from './TypingLine';
import { useOwnWriting } from './useOwnWriting';
import { usePlaceholder } from './usePlaceholder';

/** Where a person writes a message of their own. */
export const OwnComposer = forwardRef<
  IMessageActions,
  {
    /** Go on together with others; null where that cannot be. */
    onTogether: ((text: string, brought: IBringing) => Promise<void>) | null;
  }
>(function OwnComposer({ onTogether }, ref) {
  const { chat, trans } = usePanel();
  const online = useField(chat, c => c.connection).state !== 'offline';
  const written = useOwnWriting();
  const attempt = useAttempt();
  return (
    <Composer
      ref={ref}
      written={written}
      label={trans.__('Message')}
      placeholder={usePlaceholder()}
      sendLabel={online ? trans.__('Send') : trans.__('Send when back')}
      head={<TypingLine />}
      tools={busy =>
        onTogether && (
          <IconButton
            icon={togetherIcon}
            label={trans.__('Write together')}
            aria-disabled={!online || busy}
            onClick={() =>
              attempt(async () => {
                written.rest?.();
                await onTogether(written.text, written.draft);
                written.clear();
              })
            }
          />
        )
      }
      hint={<ComposerHint />}
    />
  );
});
