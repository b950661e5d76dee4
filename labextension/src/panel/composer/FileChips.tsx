import { CSSProperties } from 'react';

import { IFile } from '../../model/interfaces';
import { usePanel } from '../context';
import { closeIcon, fileIcon, warnIcon } from '../icons';
import { IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { sizeOf } from '../text/sizes';
import { IFiles, IUpload } from './useFiles';

/** The files that go along with a message: those that have arrived, and those on their way. */
export function FileChips(props: {
  kept: readonly IFile[];
  files: IFiles;
}): JSX.Element {
  const { kept, files } = props;
  const { trans } = usePanel();
  return (
    <>
      {kept.map(file => (
        <div className="gc-Composer-chip" key={file.id}>
          <Icon icon={fileIcon} small />
          <span className="gc-truncate">{file.name}</span>
          <span className="gc-meta">{sizeOf(file.size)}</span>
          <IconButton
            mods="24"
            icon={closeIcon}
            label={trans.__('Leave %1 out', file.name)}
            onClick={() => files.drop(file)}
          />
        </div>
      ))}
      {files.uploads.map(upload => (
        <UploadChip
          key={upload.key}
          upload={upload}
          onStop={() => files.stop(upload.key)}
        />
      ))}
    </>
  );
}

function UploadChip(props: {
  upload: IUpload;
  onStop: () => void;
}): JSX.Element {
  const { upload, onStop } = props;
  const { name, size, share, problem } = upload;
  const { trans } = usePanel();
  if (problem !== undefined) {
    return (
      <div className="gc-Composer-chip gc-mod-refused" role="alert">
        <Icon icon={warnIcon} small />
        <span>
          <b>{name}</b> {problem}
        </span>
        <IconButton
          mods="24"
          icon={closeIcon}
          label={trans.__('Dismiss')}
          onClick={onStop}
        />
      </div>
    );
  }
  const percent = Math.round(share * 100);
  return (
    <div
      className="gc-Composer-chip gc-mod-upload"
      style={{ '--share': `${percent}%` } as CSSProperties}
    >
      <Icon icon={fileIcon} small />
      <span className="gc-truncate">{name}</span>
      <span
        className="gc-meta"
        role="progressbar"
        aria-label={trans.__('Uploading %1', name)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        {trans.__('%1 of %2', `${percent} %`, sizeOf(size))}
      </span>
      <IconButton
        mods="24"
        icon={closeIcon}
        label={trans.__('Stop uploading %1', name)}
        onClick={onStop}
      />
    </div>
  );
}
