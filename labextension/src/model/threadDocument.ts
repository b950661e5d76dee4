import type { IDisposable } from '@lumino/disposable';
import * as Y from 'yjs';

import type { Problem } from '../client/problem';
import { Replica } from '../client/replica';
import type { Socket } from '../client/socket';
import type {
  IFile,
  IMember,
  ISharedCell,
  ISharedDraftRow,
  Mode,
  Role
} from './interfaces';

/** A thread's own document as values: its settings, its members, and the cells and files in it. */
export class ThreadDocument implements IDisposable {
  constructor(
    socket: Socket,
    threadId: string,
    private readonly changed: () => void,
    failed: (problem: Problem) => void
  ) {
    this.replica = new Replica(socket, `thread:${threadId}`);
    this.replica.ready.connect(() => this.observe(this.replica.doc));
    this.replica.failed.connect((_, problem) => failed(problem));
  }

  get isReady(): boolean {
    return this.meta !== null;
  }

  get title(): string {
    return this.text('title') ?? '';
  }

  get mode(): Mode {
    return (this.text('mode') ?? 'auto') as Mode;
  }

  get instructions(): string {
    return this.text('instructions') ?? '';
  }

  get notebook(): string | undefined {
    return this.text('notebook');
  }

  get model(): string | undefined {
    return this.text('model');
  }

  get archivedAt(): Date | undefined {
    return this.archived;
  }

  get approval(): boolean {
    return this.meta?.get('approval') === true;
  }

  get keepDays(): number | undefined {
    return this.meta?.get('keep_days') as number | undefined;
  }

  /** Of the newest message, -1 while there is none. */
  get lastSeq(): number {
    return (this.meta?.get('last_seq') as number | undefined) ?? -1;
  }

  /** By when they joined. */
  get members(): readonly IMember[] {
    return this.memberValues;
  }

  get cells(): ReadonlyMap<string, ISharedCell> {
    return this.cellValues;
  }

  get files(): ReadonlyMap<string, IFile> {
    return this.fileValues;
  }

  get marks(): ReadonlyMap<string, unknown> {
    return this.markValues;
  }

  /** The oldest first. */
  get drafts(): readonly ISharedDraftRow[] {
    return this.draftValues;
  }

  get isDisposed(): boolean {
    return this.replica.isDisposed;
  }

  dispose(): void {
    this.replica.dispose();
  }

  private observe(doc: Y.Doc): void {
    this.meta = doc.getMap('meta');
    const members = doc.getMap('members');
    const cells = doc.getMap<Y.Map<unknown>>('cells');
    const files = doc.getMap('files');
    const marks = doc.getMap('marks');
    const readFiles = () => {
      const entries = [...files.entries()];
      this.fileValues = new Map(
        entries.map(([id, value]) => [id, readFile(id, value)])
      );
    };
    const drafts = doc.getMap('drafts');
    const readDrafts = () => {
      this.draftValues = [...drafts.entries()]
        .map(([id, value]) => readDraft(id, value))
        .sort((a, b) => +a.at - +b.at);
    };
    const readMembers = () => {
      this.memberValues = [...members.entries()]
        .map(([username, value]) => readMember(username, value))
        .sort((a, b) => +a.joinedAt - +b.joinedAt);
    };
    const readCells = (ids: Iterable<string>) => {
      const values = new Map(this.cellValues);
      for (const id of ids) {
        const value = cells.get(id);
        values.delete(id);
        if (value) {
          values.set(id, readCell(id, value));
        }
      }
      this.cellValues = values;
    };
    const readMeta = () => {
      const at = this.text('archived_at');
      if (at !== this.archived?.toISOString()) {
        this.archived = at ? new Date(at) : undefined;
      }
    };
    this.meta.observe(() => {
      readMeta();
      this.changed();
    });
    members.observe(() => {
      readMembers();
      this.changed();
    });
    cells.observeDeep((events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
      readCells(new Set(events.flatMap(shareIds)));
      this.changed();
    });
    files.observe(() => {
      readFiles();
      this.changed();
    });
    marks.observe(() => {
      this.markValues = new Map(marks.entries());
      this.changed();
    });
    this.markValues = new Map(marks.entries());
    drafts.observe(() => {
      readDrafts();
      this.changed();
    });
    readMeta();
    readMembers();
    readFiles();
    readDrafts();
    this.cellValues = new Map();
    readCells(cells.keys());
    this.changed();
  }

  private text(key: string): string | undefined {
    return this.meta?.get(key) as string | undefined;
  }

  private readonly replica: Replica;
  private meta: Y.Map<unknown> | null = null;
  private archived: Date | undefined;
  private memberValues: readonly IMember[] = [];
  private cellValues: ReadonlyMap<string, ISharedCell> = new Map();
  private fileValues: ReadonlyMap<string, IFile> = new Map();
  private draftValues: readonly ISharedDraftRow[] = [];
  private markValues: ReadonlyMap<string, unknown> = new Map();
}

/** The shares that an event is about. */
function shareIds(event: Y.YEvent<Y.AbstractType<unknown>>): string[] {
  return event.path.length > 0
    ? [event.path[0] as string]
    : [...event.changes.keys.keys()];
}

function readMember(username: string, value: unknown): IMember {
  const member = value as { [key: string]: unknown };
  return {
    username,
    name: member.name as string,
    role: member.role as Role,
    colour: member.colour as number,
    joinedAt: new Date(member.joined_at as string),
    invitedBy: member.invited_by as string | undefined,
    avatar: member.avatar as string | undefined,
    guestUntil: dateOf(member.guest_until)
  };
}

function dateOf(value: unknown): Date | undefined {
  return typeof value === 'string' ? new Date(value) : undefined;
}

function readFile(id: string, value: unknown): IFile {
  const file = value as { [key: string]: unknown };
  return {
    id,
    name: file.name as string,
    mediaType: file.media_type as string,
    size: file.size as number
  };
}

function readDraft(id: string, value: unknown): ISharedDraftRow {
  const draft = value as { [key: string]: unknown };
  return {
    id,
    by: draft.by as string,
    at: new Date(draft.at as string),
    writers: draft.with as string[],
    replyTo: draft.reply_to as string | undefined,
    cells: (draft.cells as string[] | undefined) ?? [],
    files: (draft.files as string[] | undefined) ?? []
  };
}

function readCell(id: string, value: Y.Map<unknown>): ISharedCell {
  const text = (key: string) => value.get(key) as string;
  return {
    id,
    notebook: text('notebook'),
    cellId: text('cell_id'),
    cellType: text('cell_type') as ISharedCell['cellType'],
    source: (value.get('source') as Y.Text | undefined)?.toJSON() ?? '',
    outputs: value.get('outputs') as ISharedCell['outputs'],
    executionCount:
      (value.get('execution_count') as number | undefined) ?? null,
    contentHash: text('content_hash'),
    sharedBy: text('shared_by'),
    updatedAt: new Date(text('updated_at')),
    live: value.get('live') === true
  };
}
