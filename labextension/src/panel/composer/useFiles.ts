import { useCallback, useEffect, useRef, useState } from 'react';

import { IFile } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { wordsOf } from '../hooks/useAction';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { sizeOf } from '../text/sizes';
import { IWriting } from './writing';

/** Files of one message; the server takes no more. */
const MOST = 20;

/** A file on its way, or one that was refused: then `problem` says why. */
export interface IUpload {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  /** Which share of it has left, from 0 to 1. */
  readonly share: number;
  readonly problem?: string;
}

export interface IFiles {
  readonly uploads: readonly IUpload[];
  /** Whether some are still on their way. */
  readonly busy: boolean;
  /** Whether files can be attached here. */
  readonly possible: boolean;
  add(files: Iterable<File>): void;
  /** Stop an upload, or take a refusal away. */
  stop(key: number): void;
  /** Leave a file out that has arrived. */
  drop(file: IFile): void;
  /** It was sent: refusals are of no use any more. */
  sent(): void;
}

/** The files that go along with what is written. */
export function useFiles(writing: IWriting): IFiles {
  const { chat, trans } = usePanel();
  const { thread } = useThread();
  const limits = useField(chat, c => c.me)?.files;
  const attempt = useAttempt();
  const [uploads, setUploads] = useState<readonly IUpload[]>([]);
  const stops = useRef(new Map<number, AbortController>());
  const next = useRef(0);
  const latest = useRef(writing);
  latest.current = writing;

  useEffect(() => {
    const { current } = stops;
    return () => current.forEach(stop => stop.abort());
  }, []);

  const forget = useCallback((key: number) => {
    stops.current.delete(key);
    setUploads(all => all.filter(upload => upload.key !== key));
  }, []);

  const start = useCallback(
    async (file: File) => {
      const key = next.current++;
      const put = (changes: Partial<IUpload>) =>
        setUploads(all =>
          all.map(other =>
            other.key === key ? { ...other, ...changes } : other
          )
        );
      const upload = { key, name: file.name, size: file.size, share: 0 };
      setUploads(all => [...all, upload]);
      if (limits && file.size > limits.bytes) {
        const most = sizeOf(limits.bytes);
        put({ problem: trans.__('A file holds at most %1.', most) });
        return;
      }
      if (latest.current.files.length + stops.current.size >= MOST) {
        put({ problem: trans.__('A message brings at most %1 files.', MOST) });
        return;
      }
      const stop = new AbortController();
      stops.current.set(key, stop);
      try {
        const arrived = await thread.upload(file, {
          progress: share => put({ share }),
          signal: stop.signal
        });
        await latest.current.bring({ files: [arrived] });
        forget(key);
      } catch (error) {
        stops.current.delete(key);
        put({ problem: wordsOf(error) });
      }
    },
    [forget, limits, thread, trans]
  );

  return {
    uploads,
    busy: uploads.some(upload => upload.problem === undefined),
    possible: (limits?.types.length ?? 0) > 0,
    add: useCallback(
      added => [...added].forEach(file => void start(file)),
      [start]
    ),
    stop: useCallback(
      key => {
        stops.current.get(key)?.abort();
        forget(key);
      },
      [forget]
    ),
    drop: useCallback(
      ({ id }) => attempt(() => latest.current.bring({ without: [id] })),
      [attempt]
    ),
    sent: useCallback(() => setUploads([]), [])
  };
}
