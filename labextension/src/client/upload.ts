import type { ServerConnection } from '@jupyterlab/services';

import { Problem } from './problem';

export interface IUploadOptions {
  /** Hears which share of it has left, from 0 to 1. */
  readonly progress?: (share: number) => void;
  readonly signal?: AbortSignal;
  /** POST unless told. */
  readonly method?: 'POST' | 'PUT';
}

/**
 * Send a file as the body of a request; the answer. Throws a Problem.
 *
 * `fetch`, which everything else here takes, does not tell how far it is.
 */
export function upload<T>(
  url: string,
  file: Blob,
  settings: Pick<ServerConnection.ISettings, 'token'>,
  options: IUploadOptions = {}
): Promise<T> {
  const { progress, signal, method = 'POST' } = options;
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = 'text';
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    if (settings.token) {
      request.setRequestHeader('Authorization', `token ${settings.token}`);
    }
    const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie);
    if (xsrf) {
      request.setRequestHeader('X-XSRFToken', xsrf[1]);
    }
    request.upload.onprogress = event => {
      progress?.(event.total > 0 ? event.loaded / event.total : 0);
    };
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) {
        resolve(body as T);
      } else {
        reject(Problem.ofAnswer(request.status, request.statusText, body));
      }
    };
    request.onerror = () => reject(Problem.unreachable());
    request.onabort = () =>
      reject(new Problem('cancelled', 'The upload was stopped.'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
