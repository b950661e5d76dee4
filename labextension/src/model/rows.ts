import type { IMemberJson, IMessageJson, IThreadJson } from '../client/answers';
import type { IThreadUpdated } from '../client/events';
import type { IMember, IThreadRow, MessageKind, Role } from './interfaces';

/** The person's threads, the most recently updated first. */
export class Rows {
  get sorted(): readonly IThreadRow[] {
    this.list ??= [...this.byId.values()].sort(
      (a, b) => +b.updatedAt - +a.updatedAt
    );
    return this.list;
  }

  get(id: string): IThreadRow | undefined {
    return this.byId.get(id);
  }

  /** The server's whole list. */
  replace(threads: readonly IThreadJson[]): void {
    this.byId = new Map(threads.map(thread => [thread.id, asRow(thread)]));
    this.list = undefined;
  }

  put(thread: IThreadJson): void {
    this.set(asRow(thread));
  }

  delete(id: string): void {
    this.byId.delete(id);
    this.list = undefined;
  }

  setRole(id: string, role: Role): void {
    const row = this.byId.get(id);
    if (row) {
      this.set({ ...row, role });
    }
  }

  setWaiting(id: string, waiting: number): void {
    const row = this.byId.get(id);
    if (row) {
      this.set({ ...row, waiting });
    }
  }

  /** Take in what an event tells; false when it is about a thread that is not in the list. */
  update(event: IThreadUpdated): boolean {
    const row = this.byId.get(event.thread);
    if (!row) {
      return false;
    }
    const { author_name: authorName, preview: body } = event;
    const news = authorName ? this.news({ authorName, body: body ?? '' }) : {};
    this.set({
      ...row,
      title: event.title,
      unread: event.unread,
      mentions: event.mentions,
      muted: event.muted ?? false,
      members: event.members?.map(asMember) ?? row.members,
      ...news
    });
    return true;
  }

  /** The person wrote a message: events tell of other people's. */
  post({ thread_id, author_name: authorName, body }: IMessageJson): void {
    const row = this.byId.get(thread_id);
    if (row) {
      this.set({ ...row, ...this.news({ authorName, body, kind: 'human' }) });
    }
  }

  private news(preview: IThreadRow['preview']): Partial<IThreadRow> {
    // Newer than all others, whatever this machine's clock says.
    const now = Math.max(Date.now(), this.newest());
    return { preview, updatedAt: new Date(now) };
  }

  private newest(): number {
    return this.sorted.length > 0 ? +this.sorted[0].updatedAt : 0;
  }

  private set(row: IThreadRow): void {
    this.byId.set(row.id, row);
    this.list = undefined;
  }

  private byId = new Map<string, IThreadRow>();
  private list: readonly IThreadRow[] | undefined;
}

function asRow(json: IThreadJson): IThreadRow {
  const last = json.last_message;
  return {
    id: json.id,
    title: json.title,
    notebook: json.notebook ?? undefined,
    archivedAt: json.archived_at ? new Date(json.archived_at) : undefined,
    updatedAt: new Date(json.updated_at),
    role: json.role as Role,
    muted: json.muted,
    unread: json.unread,
    mentions: json.mentions,
    members: json.members.map(asMember),
    waiting: json.waiting,
    preview: last
      ? {
          authorName: last.author_name,
          body: last.body,
          kind: last.kind as MessageKind
        }
      : undefined
  };
}

function asMember(json: IMemberJson): IMember {
  return {
    username: json.username,
    name: json.name,
    role: json.role as Role,
    colour: json.colour,
    joinedAt: new Date(json.joined_at),
    invitedBy: json.invited_by ?? undefined,
    avatar: json.avatar ?? undefined,
    guestUntil: json.guest_until ? new Date(json.guest_until) : undefined
  };
}
