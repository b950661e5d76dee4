/** The sanitizer of the chat: reduced by `reduceHtml`, then through JupyterLab's own, which has the last word. */
import { Sanitizer } from '@jupyterlab/apputils';
import { IRenderMime } from '@jupyterlab/rendermime';

import { reduceHtml } from './reduce';

/** Sanitizer for bodies of messages and outputs of shared cells. */
export class MessageSanitizer implements IRenderMime.ISanitizer {
  /** `pictureFrom` names the link that stands in for a picture on another host. */
  constructor(private _pictureFrom: (host: string) => string) {
    this._sanitizer.setAllowCommandLinker(false);
  }

  readonly allowNamedProperties = false;
  readonly allowCommandLinker = false;

  sanitize(dirty: string, options?: IRenderMime.ISanitizerOptions): string {
    return this._sanitizer.sanitize(
      reduceHtml(dirty, this._pictureFrom),
      options
    );
  }

  private _sanitizer = new Sanitizer();
}
