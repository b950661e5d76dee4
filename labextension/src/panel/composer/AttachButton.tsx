import { useRef } from 'react';

import { usePanel } from '../context';
import { attachIcon } from '../icons';
import { IconButton } from '../parts/Button';

/** Opens the browser's file chooser. */
export function AttachButton(props: {
  onFiles: (files: Iterable<File>) => void;
}): JSX.Element {
  const { onFiles } = props;
  const { trans } = usePanel();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        icon={attachIcon}
        label={trans.__('Attach files')}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={event => {
          onFiles([...(event.target.files ?? [])]);
          // The same file can then be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}
