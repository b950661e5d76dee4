import { IMessage } from '../../model/interfaces';
import { usePanel } from '../context';
import { useField } from '../hooks/useField';

const NONE: readonly string[] = [];

/** The names of the models that can answer. */
export function useModels(): readonly string[] {
  const { chat } = usePanel();
  return useField(chat, c => c.me?.models ?? NONE);
}

/** What members call the model that wrote a reply. */
export function modelOf({ reply }: IMessage): string | undefined {
  return reply?.model_name ?? reply?.model;
}
