import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { Problem } from './problem';
import { upload, type IUploadOptions } from './upload';

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
      throw Problem.unreachable();
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) {
      throw Problem.ofAnswer(response.status, response.statusText, body);
    }
    return body as T;
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
}
