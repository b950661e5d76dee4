import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';

import type { IPanelSettings } from '../panel';
import type { Wanted } from './notifications';

/** What the person chose in JupyterLab's settings. */
export class Settings {
  constructor(
    app: JupyterFrontEnd,
    registry: ISettingRegistry | null,
    id: string
  ) {
    const { commands } = app;
    this.opener = () => {
      void commands.execute('settingeditor:open', { query: 'Group Chat' });
    };
    registry?.load(id).then(
      settings => {
        settings.changed.connect(() => this.take(settings));
        this.take(settings);
      },
      () => undefined // without settings, the defaults below hold
    );
  }

  readonly changed = new Signal<this, void>(this);
  readonly opener: () => void;

  get panel(): IPanelSettings {
    return this.panelSettings;
  }

  get notifications(): Wanted {
    return this.wanted;
  }

  get sound(): boolean {
    return this.audible;
  }

  private take({ composite }: ISettingRegistry.ISettings): void {
    this.panelSettings = {
      singleKeys: composite.singleKeys as boolean,
      sendWithEnter: composite.sendWithEnter as boolean
    };
    this.wanted = composite.notifications as Wanted;
    this.audible = composite.sound as boolean;
    this.changed.emit();
  }

  private panelSettings: IPanelSettings = {
    singleKeys: true,
    sendWithEnter: true
  };
  private wanted: Wanted = 'mentions';
  private audible = false;
}
