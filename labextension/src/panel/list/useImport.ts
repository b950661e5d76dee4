import { useRef, useState } from 'react';

import { usePanel } from '../context';
import { useAction } from '../hooks/useAction';

export interface IImport {
  readonly running: boolean;
  /** Of the file. */
  readonly name: string;
  /** Which share of the file has left, from 0 to 1. */
  readonly share: number;
  readonly problem: string | null;
  readonly start: (file: File) => void;
  readonly stop: () => void;
  readonly clear: () => void;
}

/** A thread out of a file, which is opened once it is there. */
export function useImport(): IImport {
  const { chat, state } = usePanel();
  const { busy, problem, run, clear } = useAction();
  const [name, setName] = useState('');
  const [share, setShare] = useState(0);
  const stopping = useRef<AbortController | null>(null);
  return {
    running: busy,
    name,
    share,
    problem,
    clear,
    start: file => {
      const controller = new AbortController();
      stopping.current = controller;
      setName(file.name);
      setShare(0);
      run(async () => {
        const id = await chat.bringIn(file, {
          progress: setShare,
          signal: controller.signal
        });
        state.open(id);
        state.callFocus();
      });
    },
    stop: () => stopping.current?.abort()
  };
}
