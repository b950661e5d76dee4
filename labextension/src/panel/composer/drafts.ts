import { IBringing, IFile } from '../../model/interfaces';

/** Drafts, kept per person and thread in the browser until they are sent. */

export interface IDraft {
  readonly text: string;
  readonly replyTo?: string;
  readonly cells: readonly string[];
  /** Those that have arrived in the thread. */
  readonly files: readonly IFile[];
}

export const EMPTY: IDraft = { text: '', cells: [], files: [] };

/** What goes along with a draft after a change of that. */
export function brought(draft: IDraft, changes: IBringing): Partial<IDraft> {
  const { replyTo, cells = [], files = [] } = changes;
  const without = new Set(changes.without);
  const byId = new Map(
    [...draft.files, ...files].map(file => [file.id, file] as const)
  );
  return {
    ...(replyTo === undefined ? {} : { replyTo: replyTo ?? undefined }),
    cells: [...new Set([...draft.cells, ...cells])].filter(
      id => !without.has(id)
    ),
    files: [...byId.values()].filter(({ id }) => !without.has(id))
  };
}

const PREFIX = 'jupyter-groupchat:draft:';

function keyOf(username: string, threadId: string): string {
  return `${PREFIX}${username}:${threadId}`;
}

/** The draft of a thread; an empty one where there is none, or none that can be read. */
export function loadDraft(
  storage: Storage,
  username: string,
  threadId: string
): IDraft {
  const kept = storage.getItem(keyOf(username, threadId));
  if (kept === null) {
    return EMPTY;
  }
  try {
    const draft = (JSON.parse(kept) ?? {}) as Partial<IDraft>;
    return {
      text: typeof draft.text === 'string' ? draft.text : '',
      ...(typeof draft.replyTo === 'string' ? { replyTo: draft.replyTo } : {}),
      cells: Array.isArray(draft.cells)
        ? draft.cells.filter(cell => typeof cell === 'string')
        : [],
      files: Array.isArray(draft.files) ? draft.files.filter(isFile) : []
    };
  } catch {
    return EMPTY;
  }
}

/** Keep a draft; an empty one is forgotten. A full storage keeps the draft on the screen only. */
export function saveDraft(
  storage: Storage,
  username: string,
  threadId: string,
  draft: IDraft
): void {
  const key = keyOf(username, threadId);
  const empty =
    draft.text === '' &&
    draft.replyTo === undefined &&
    !draft.cells.length &&
    !draft.files.length;
  try {
    if (empty) {
      storage.removeItem(key);
    } else {
      storage.setItem(key, JSON.stringify(draft));
    }
  } catch {
    // Nothing is lost that was not there: the text stays in the composer.
  }
}

function isFile(value: unknown): value is IFile {
  const file = (value ?? {}) as Partial<IFile>;
  return (
    typeof file.id === 'string' &&
    typeof file.name === 'string' &&
    typeof file.mediaType === 'string' &&
    typeof file.size === 'number'
  );
}
