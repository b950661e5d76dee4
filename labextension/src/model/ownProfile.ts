import type { IProfileJson } from '../client/answers';
import type { Api } from '../client/api';
import type { Request, Socket } from '../client/socket';
import type { IOwnProfile, IProfile } from './people';

/** The person's own name and picture, at the server. */
export class OwnProfile implements IOwnProfile {
  constructor(
    private readonly api: Api,
    private readonly socket: Socket
  ) {}

  async read(): Promise<IProfile> {
    const path = ['me', 'profile'];
    const answer = await this.api.get<{ profile: IProfileJson }>(path);
    return asProfile(answer.profile);
  }

  rename(name: string | null): Promise<IProfile> {
    return this.request({ do: 'profile.patch', name });
  }

  async setPicture(file: Blob): Promise<IProfile> {
    const path = ['me', 'picture'];
    const answer = await this.api.upload<{ profile: IProfileJson }>(
      path,
      {},
      file,
      { method: 'PUT' }
    );
    return asProfile(answer.profile);
  }

  removePicture(): Promise<IProfile> {
    return this.request({ do: 'picture.delete' });
  }

  private async request(request: Request): Promise<IProfile> {
    const answer = await this.socket.request(request);
    return asProfile(answer.profile as IProfileJson);
  }
}

function asProfile(json: IProfileJson): IProfile {
  return {
    username: json.username,
    identityName: json.identity_name,
    displayName: json.display_name ?? undefined,
    picture: json.picture ?? undefined,
    name: json.name,
    avatar: json.avatar ?? undefined
  };
}
