import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { Problem } from './problem';
import { upload, type IUploadOptions } from './upload';

/** The REST side of the wire: what is read once. Anything that changes goes over the socket. */
export class Api {
  /** @param root - where the wire is, below the base of the server. */
  constructor(
    private readonly settings: ServerConnection.ISettings,
    private readonly root = 'groupchat/api'
  ) {}

  /** A new WebSocket, with the token where the server wants one. */
  openSocket(): WebSocket {
    const { wsUrl, token, appendToken, WebSocket } = this.settings;
    const url = URLExt.join(wsUrl, this.root, 'socket');
    const query =
      appendToken && token ? `?token=${encodeURIComponent(token)}` : '';
    return new WebSocket(url + query);
  }

  /** The address of a resource; `parts` are encoded. */
  url(...parts: string[]): string {
    const path = parts.map(encodeURIComponent).join('/');
    return URLExt.join(this.settings.baseUrl, this.root, path);
  }

  /** Read a resource. Throws a Problem. */
  async get<T>(
    parts: string[],
    query: { [key: string]: string } = {}
  ): Promise<T> {
    return this.ask<T>(parts, query, {});
  }

  /** Have the server do something that is answered once it is done, and given up with `signal`. Throws a Problem. */
  post<T>(
    parts: string[],
    options: {
      query?: { [key: string]: string };
      /** A JSON value. */
      body?: unknown;
      signal?: AbortSignal;
    } = {}
  ): Promise<T> {
    const { query = {}, body, signal } = options;
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.ask<T>(parts, query, { method: 'POST', signal, ...sent });
  }

  /** Send a file to a resource. Throws a Problem. */
  upload<T>(
    parts: string[],
    query: { [key: string]: string },
    file: Blob,
    options?: IUploadOptions
  ): Promise<T> {
    const search = new URLSearchParams(query).toString();
    const url = this.url(...parts) + (search ? `?${search}` : '');
    return upload(url, file, this.settings, options);
  }

  private async ask<T>(
    parts: string[],
    query: { [key: string]: string },
    init: RequestInit
  ): Promise<T> {
    const search = new URLSearchParams(query).toString();
    const url = this.url(...parts) + (search ? `?${search}` : '');
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(
        url,
        // Without the timestamp that "no-store" adds to the address.
        { cache: 'no-cache', ...init },
        this.settings
      );
    } catch {
      throw Problem.unreachable();
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) {
      throw Problem.ofAnswer(response.status, response.statusText, body);
    }
    return body as T;
  }
}
