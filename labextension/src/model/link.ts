import type { Api } from '../client/api';
import { Problem } from '../client/problem';
import type { Socket } from '../client/socket';
import type { IConnection } from './interfaces';

/** How the connection stands, and whether the server lets this person in no more. */
export class Link {
  constructor(
    private readonly socket: Socket,
    private readonly api: Api,
    private readonly changed: () => void
  ) {
    socket.linkChanged.connect(() => this.follow());
    socket.refused.connect(() => void this.askWhy());
  }

  get connection(): IConnection {
    return this.value;
  }

  private follow(): void {
    const { link } = this.socket;
    const signedOut = this.value.signedOut && link.state === 'offline';
    this.value = signedOut ? { ...link, signedOut } : link;
    this.changed();
  }

  /** A browser does not say why a socket was refused; a request is answered. */
  private async askWhy(): Promise<void> {
    let signedOut = false;
    try {
      await this.api.get(['me']);
    } catch (error) {
      const { code } = Problem.of(error);
      signedOut = code === 'not_allowed' || code === 'http_401';
    }
    if (this.value.state === 'offline' && !this.socket.isDisposed) {
      this.value = { ...this.socket.link, signedOut };
      this.changed();
    }
  }

  private value: IConnection = { state: 'connecting' };
}
