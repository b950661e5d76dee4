import { build, parse, type IFrame, type Step } from './frames';

/** A WebSocket whose other end is the test. */
export class FakeWebSocket {
  binaryType = 'blob';
  closed = false;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  /** What the client sent: commands and frames. */
  readonly commands: { [key: string]: unknown }[] = [];
  readonly frames: IFrame[] = [];

  send(data: string | Uint8Array): void {
    if (typeof data === 'string') {
      this.commands.push(JSON.parse(data) as { [key: string]: unknown });
    } else {
      this.frames.push(parse(data));
    }
  }

  close(): void {
    this.closed = true;
  }

  // The server's side

  open(): void {
    this.onopen?.();
  }

  drop(): void {
    this.onclose?.();
  }

  say(value: unknown): void {
    this.onmessage?.({ data: JSON.stringify(value) });
  }

  frame(channel: number, step: Step, payload: Uint8Array): void {
    this.onmessage?.({ data: build(channel, step, payload).buffer });
  }

  /** Answer the newest command of that name. */
  answer(name: string, ok: object): void {
    const command = this.newest(name);
    this.say({ re: command?.id, ok });
  }

  /** Refuse the newest command of that name. */
  refuse(name: string, error: object): void {
    const command = this.newest(name);
    this.say({ re: command?.id, error });
  }

  private newest(name: string): { [key: string]: unknown } | undefined {
    return this.commands.filter(command => command.do === name).at(-1);
  }
}

/** Opens fake sockets and keeps them, the newest last. */
export class FakeServer {
  readonly sockets: FakeWebSocket[] = [];

  readonly open = (): WebSocket => {
    const socket = new FakeWebSocket();
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  };

  get socket(): FakeWebSocket {
    return this.sockets[this.sockets.length - 1];
  }
}
