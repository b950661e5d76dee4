import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { upload } from './upload';

/** A request whose other end is the test. */
class FakeRequest {
  static last: FakeRequest;
  readonly upload: { onprogress?: (event: object) => void } = {};
  readonly headers: { [name: string]: string } = {};
  readonly open = vi.fn();
  readonly send = vi.fn();
  status = 0;
  statusText = '';
  responseText = '';
  onload!: () => void;
  onerror!: () => void;
  onabort!: () => void;

  constructor() {
    FakeRequest.last = this;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  abort(): void {
    this.onabort();
  }

  answer(status: number, text: string): void {
    Object.assign(this, { status, statusText: 'Words', responseText: text });
    this.onload();
  }
}

describe('upload', () => {
  const file = new Blob(['plan,rate']);

  beforeEach(() => {
    vi.stubGlobal('XMLHttpRequest', FakeRequest);
    document.cookie = '_xsrf=2|abc';
  });
  afterEach(() => vi.unstubAllGlobals());

  it('sends the bytes with what says who asks, and tells how far it is', async () => {
    const shares: number[] = [];
    const progress = (share: number) => shares.push(share);
    const answer = upload('/files', file, { token: 't1' }, { progress });
    const request = FakeRequest.last;
    expect(request.open).toHaveBeenCalledWith('POST', '/files');
    expect(request.send).toHaveBeenCalledWith(file);
    expect(request.headers).toMatchObject({
      Authorization: 'token t1',
      'X-XSRFToken': '2|abc'
    });
    request.upload.onprogress?.({ loaded: 3, total: 12 });
    request.answer(201, '{"file": {"id": "f1"}}');
    expect(await answer).toEqual({ file: { id: 'f1' } });
    expect(shares).toEqual([0.25]);
  });

  it('rejects with the words of the server', async () => {
    const answer = upload('/files', file, { token: '' });
    FakeRequest.last.answer(
      400,
      '{"error": {"code": "invalid_request", "message": "This file is empty."}}'
    );
    await expect(answer).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'This file is empty.'
    });
  });

  it('rejects with what a proxy or the network made of it', async () => {
    const refused = upload('/files', file, { token: '' });
    FakeRequest.last.answer(413, '<html>');
    await expect(refused).rejects.toMatchObject({ code: 'http_413' });
    const lost = upload('/files', file, { token: '' });
    FakeRequest.last.onerror();
    await expect(lost).rejects.toMatchObject({ code: 'connection_lost' });
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    const answer = upload('/files', file, { token: '' }, stop);
    stop.abort();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  });
});
