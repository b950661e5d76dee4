import { memo } from 'react';

import { IFile } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { fileIcon } from '../icons';
import { Icon } from '../parts/Icon';
import { sizeOf } from '../text/sizes';

/** The files of a message: pictures as such, all else to be saved. */
export const MessageFiles = memo(function MessageFiles(props: {
  files: readonly string[];
}): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const known = useField(thread, t => t.files);
  return (
    <ul className="gc-MessageFiles" aria-label={trans.__('Files')}>
      {props.files.map(id => {
        const file = known.get(id);
        return (
          <li key={id}>
            {file === undefined ? (
              <span className="gc-meta">{trans.__('Deleted file')}</span>
            ) : (
              <OneFile file={file} url={thread.fileUrl(id)} />
            )}
          </li>
        );
      })}
    </ul>
  );
});

function OneFile(props: { file: IFile; url: string }): JSX.Element {
  const { file, url } = props;
  const { trans } = usePanel();
  const size = sizeOf(file.size);
  return file.mediaType.startsWith('image/') ? (
    <a
      className="gc-FilePicture"
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      title={`${file.name}, ${size}`}
    >
      <img src={url} alt={file.name} loading="lazy" decoding="async" />
    </a>
  ) : (
    <a
      className="gc-FileChip"
      href={url}
      download={file.name}
      title={trans.__('Save %1', file.name)}
    >
      <Icon icon={fileIcon} />
      <span className="gc-truncate">{file.name}</span>
      <span className="gc-meta">{size}</span>
    </a>
  );
}
