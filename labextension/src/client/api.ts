import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { Problem } from './problem';

const NAMESPACE = 'groupchat/api';

/** The REST side of the wire: what is read once. Anything that changes goes over the socket. */
export class Api {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  /** A new WebSocket, with the token where the server wants one. */
  openSocket(): WebSocket {
    const { wsUrl, token, appendToken, WebSocket } = this.settings;
    const url = URLExt.join(wsUrl, NAMESPACE, 'socket');
    const query =
      appendToken && token ? `?token=${encodeURIComponent(token)}` : '';
    return new WebSocket(url + query);
  }

  /** The address of a resource; `parts` are encoded. */
  url(...parts: string[]): string {
    const path = parts.map(encodeURIComponent).join('/');
    return URLExt.join(this.settings.baseUrl, NAMESPACE, path);
  }

  /** Read a resource. Throws a Problem. */
  async get<T>(
    parts: string[],
    query: { [key: string]: string } = {}
  ): Promise<T> {
    const search = new URLSearchParams(query).toString();
    const url = this.url(...parts) + (search ? `?${search}` : '');
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(
        url,
        { cache: 'no-cache' }, // without the timestamp that "no-store" adds to the address
        this.settings
      );
    } catch {
      throw new Problem(
        'connection_lost',
        'The server could not be reached. It may be restarting.'
      );
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) {
      const { error } = (body ?? {}) as { error?: unknown };
      throw error
        ? Problem.fromJSON(error)
        : new Problem(
            `http_${response.status}`,
            `The server answered ${response.status} ${response.statusText}.`
          );
    }
    return body as T;
  }
}
