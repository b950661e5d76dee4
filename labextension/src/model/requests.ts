import type {
  ICatchUpJson,
  IFileJson,
  IHitJson,
  IInvitationJson,
  IJoinRequestJson,
  IManifestJson,
  IMessageJson,
  IPersonJson,
  IThreadJson,
  IVersionJson
} from '../client/answers';
import {
  newId,
  type IAnswer,
  type Request,
  type Socket
} from '../client/socket';
import type { IUploadOptions } from '../client/upload';
import type { IConnected } from './connected';
import type {
  ExportFormat,
  ICatchUp,
  IFile,
  IFoundPerson,
  IFound,
  IInvitation,
  IJoinRequest,
  IManifest,
  INewCell,
  Mark,
  Mode,
  Role,
  IVersion
} from './interfaces';

/** What can be asked of the server about one thread; each promise resolves when the change was committed. */
export abstract class Requests {
  constructor(
    readonly id: string,
    protected readonly connected: IConnected
  ) {}

  async edit(message: string, body: string): Promise<void> {
    await this.request({ do: 'message.edit', thread: this.id, message, body });
  }

  async remove(message: string): Promise<void> {
    await this.request({ do: 'message.delete', thread: this.id, message });
  }

  async react(message: string, emoji: string, on: boolean): Promise<void> {
    const what = on ? 'reaction.put' : 'reaction.delete';
    await this.request({ do: what, thread: this.id, message, emoji });
  }

  async mark(
    message: string,
    marks: { pinned?: boolean; agreed?: boolean }
  ): Promise<void> {
    const { id: thread } = this;
    await this.request({ do: 'message.mark', thread, message, ...marks });
  }

  async marked(mark: Mark): Promise<readonly IFound[]> {
    const path = ['threads', this.id, 'marked'];
    const { api } = this.connected;
    const { hits } = await api.get<{ hits: readonly IHitJson[] }>(path, {
      mark
    });
    return hits.map(asFound);
  }

  async report(message: string, reason: string): Promise<void> {
    const { id: thread } = this;
    await this.request({ do: 'message.report', thread, message, reason });
  }

  async ask(
    message: string,
    options: { model?: string; beside?: string } = {}
  ): Promise<void> {
    const { id: thread } = this;
    await this.request({ do: 'reply.ask', thread, message, ...options });
  }

  async stop(message: string): Promise<void> {
    await this.request({ do: 'reply.stop', thread: this.id, message });
  }

  async versions(message: string): Promise<readonly IVersion[]> {
    const { api } = this.connected;
    const path = ['threads', this.id, 'messages', message, 'versions'];
    const { versions } = await api.get<{ versions: readonly IVersionJson[] }>(
      path
    );
    return versions.map(({ body, written_at }) => ({
      body,
      at: new Date(written_at)
    }));
  }

  async manifest(message: string): Promise<IManifest> {
    const { api } = this.connected;
    const path = ['threads', this.id, 'messages', message, 'manifest'];
    const { manifest } = await api.get<{ manifest: IManifestJson }>(path);
    return manifest as IManifest;
  }

  async catchUp(since: number, signal?: AbortSignal): Promise<ICatchUp> {
    const answer = await this.connected.api.post<{ catch_up: ICatchUpJson }>(
      ['threads', this.id, 'catch-up'],
      { query: { since_seq: String(since) }, signal }
    );
    return asCatchUp(answer.catch_up);
  }

  async patch(changes: {
    title?: string;
    mode?: Mode;
    instructions?: string;
    archived?: boolean;
    approval?: boolean;
    keepDays?: number | null;
    model?: string;
  }): Promise<void> {
    const { keepDays, ...rest } = changes;
    const keep = keepDays === undefined ? {} : { keep_days: keepDays };
    const { id: thread } = this;
    await this.request({ do: 'thread.patch', thread, ...rest, ...keep });
  }

  async older(days: number): Promise<number> {
    const path = ['threads', this.id, 'older'];
    const { api } = this.connected;
    const query = { days: String(days) };
    return (await api.get<{ messages: number }>(path, query)).messages;
  }

  async setMuted(muted: boolean): Promise<void> {
    await this.request({ do: 'mute.put', thread: this.id, muted });
  }

  async setRole(username: string, role: Role): Promise<void> {
    const { id: thread } = this;
    await this.request({ do: 'member.patch', thread, username, role });
  }

  async findPeople(words: string): Promise<readonly IFoundPerson[]> {
    const path = ['threads', this.id, 'people'];
    const { people } = await this.connected.api.get<{
      people: readonly IPersonJson[];
    }>(path, { q: words });
    return people.map(({ username, name, avatar }) => ({
      username,
      name,
      avatar: avatar ?? undefined
    }));
  }

  async addMember(username: string, role: Role): Promise<void> {
    const { id: thread } = this;
    await this.request({ do: 'member.put', thread, username, role });
  }

  async removeMember(username: string): Promise<void> {
    await this.request({ do: 'member.delete', thread: this.id, username });
  }

  async requests(): Promise<readonly IJoinRequest[]> {
    const path = ['threads', this.id, 'requests'];
    const { requests } = await this.connected.api.get<{
      requests: readonly IJoinRequestJson[];
    }>(path);
    return requests.map(json => ({
      username: json.username,
      name: json.name,
      avatar: json.avatar ?? undefined,
      role: json.role as Role,
      invitedBy: json.invited_by ?? undefined,
      askedAt: new Date(json.asked_at),
      guestUntil: json.guest_until ? new Date(json.guest_until) : undefined
    }));
  }

  async admit(username: string): Promise<void> {
    await this.request({ do: 'request.admit', thread: this.id, username });
  }

  async decline(username: string): Promise<void> {
    await this.request({ do: 'request.decline', thread: this.id, username });
  }

  async leave(): Promise<void> {
    await this.request({ do: 'thread.leave', thread: this.id });
  }

  async delete(): Promise<void> {
    await this.request({ do: 'thread.delete', thread: this.id });
  }

  async copy(throughSeq?: number): Promise<string> {
    const through_seq = throughSeq ?? null;
    const { id: thread } = this;
    const answer = await this.request({
      do: 'thread.copy',
      thread,
      through_seq
    });
    return (answer.thread as IThreadJson).id;
  }

  async invitations(): Promise<readonly IInvitation[]> {
    const path = ['threads', this.id, 'invitations'];
    const { invitations } = await this.connected.api.get<{
      invitations: readonly IInvitationJson[];
    }>(path);
    return invitations.map(asInvitation);
  }

  async invite(options: {
    role: Role;
    expiresIn: number | null;
    maxUses: number | null;
    guest: boolean;
  }): Promise<IInvitation> {
    const answer = await this.request({
      do: 'invitation.create',
      thread: this.id,
      role: options.role,
      expires_in: options.expiresIn,
      max_uses: options.maxUses,
      guest: options.guest
    });
    return asInvitation(answer.invitation as IInvitationJson);
  }

  async revoke(invitation: string): Promise<void> {
    const { id: thread } = this;
    await this.request({ do: 'invitation.delete', thread, invitation });
  }

  putCell(cell: INewCell): Promise<void> {
    return putCell(this.connected.socket, this.id, cell);
  }

  withdrawCell(share: string): Promise<void> {
    return withdrawCell(this.connected.socket, this.id, share);
  }

  async upload(file: File, options: IUploadOptions = {}): Promise<IFile> {
    const path = ['threads', this.id, 'files'];
    const query = { name: file.name || 'file', id: newId() };
    const answer = await this.connected.api.upload<{ file: IFileJson }>(
      path,
      query,
      file,
      options
    );
    const { id, name, media_type: mediaType, size } = answer.file;
    return { id, name, mediaType, size };
  }

  async deleteFile(file: string): Promise<void> {
    await this.request({ do: 'file.delete', thread: this.id, file });
  }

  fileUrl(fileId: string): string {
    return this.connected.api.url('threads', this.id, 'files', fileId);
  }

  exportUrl(format: ExportFormat): string {
    const url = this.connected.api.url('threads', this.id, 'export');
    return `${url}?format=${format}`;
  }

  /** Where a message is; null when it is not, or no longer, in this thread. */
  protected async seqOf(message: string): Promise<number | null> {
    const path = ['threads', this.id, 'messages', message];
    const { api } = this.connected;
    try {
      const answer = await api.get<{ message: IMessageJson }>(path);
      return answer.message.seq;
    } catch {
      return null;
    }
  }

  private request(request: Request): Promise<IAnswer> {
    return this.connected.socket.request(request);
  }
}

/** Share a cell, or bring a shared one up to date. */
export async function putCell(
  socket: Socket,
  thread: string,
  cell: INewCell
): Promise<void> {
  await socket.request({
    do: 'cell.put',
    thread,
    share: cell.share,
    notebook: cell.notebook,
    cell_id: cell.cellId,
    cell_type: cell.cellType,
    source: cell.source,
    outputs: cell.outputs,
    execution_count: cell.executionCount,
    live: cell.live,
    update: cell.update ?? false
  });
}

/** Take a shared cell out of a thread and of every later request to the model. */
export async function withdrawCell(
  socket: Socket,
  thread: string,
  share: string
): Promise<void> {
  await socket.request({ do: 'cell.delete', thread, share });
}

/** A hit of the server's. */
export function asFound(hit: IHitJson): IFound {
  return {
    threadId: hit.thread_id,
    messageId: hit.id,
    seq: hit.seq,
    authorName: hit.author_name,
    body: hit.body,
    at: new Date(hit.created_at)
  };
}

function asCatchUp(json: ICatchUpJson): ICatchUp {
  return {
    points: json.points.map(({ text, messages, cells }) => ({
      text,
      messages: messages.map(({ id, seq, author_name, created_at }) => ({
        id,
        seq,
        authorName: author_name,
        at: new Date(created_at)
      })),
      cells: cells.map(({ id, notebook, execution_count }) => ({
        id,
        notebook,
        executionCount: execution_count
      }))
    })),
    messages: json.messages,
    leftOut: json.left_out,
    model: json.model
  };
}

function asInvitation(json: IInvitationJson): IInvitation {
  return {
    id: json.id,
    role: json.role as Role,
    createdBy: json.created_by,
    createdAt: new Date(json.created_at),
    expiresAt: json.expires_at ? new Date(json.expires_at) : null,
    maxUses: json.max_uses,
    uses: json.uses,
    open: json.open,
    guest: json.guest,
    url: json.url
  };
}
