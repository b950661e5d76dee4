import { useCallback, useEffect, useRef, useState } from 'react';

/** What an error has to say to a person. */
export function wordsOf(error: unknown): string {
  return error instanceof Error
    ? error.message
    : typeof error === 'object' && error !== null && 'message' in error
      ? String(error.message)
      : String(error);
}

/** Run something that may fail: whether it runs, what went wrong, and how to start it. */
export function useAction(): {
  busy: boolean;
  problem: string | null;
  run: (action: () => Promise<unknown>) => void;
  clear: () => void;
} {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const run = useCallback((action: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    action()
      .catch((error: unknown) => {
        if (mounted.current) {
          setProblem(wordsOf(error));
        }
      })
      .finally(() => {
        if (mounted.current) {
          setBusy(false);
        }
      });
  }, []);
  const clear = useCallback(() => setProblem(null), []);
  return { busy, problem, run, clear };
}
