import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Panel, Widget } from '@lumino/widgets';
import { ReactElement, ReactNode } from 'react';

import { closeIcon } from '../icons';
import { IconButton } from '../parts/Button';

interface IDialogOptions {
  title: string;
  subtitle: ReactNode;
  /** Beside the title, such as a button. */
  aside?: ReactNode;
  body: ReactElement;
  /** At the left of the buttons. */
  note?: ReactNode;
  /** The word on the button that closes. */
  close: string;
  closeLabel: string;
  /** Wider, for tables. */
  wide?: boolean;
  /** Puts what is shown into the contexts of the panel. */
  within: (element: ReactElement) => ReactElement;
}

/** Show something in JupyterLab's dialog, which holds the focus, closes on Escape and gives the focus back. */
export function openDialog(options: IDialogOptions): Dialog<unknown> {
  const dialog = new FormDialog({
    title: options.title,
    body: ReactWidget.create(options.within(options.body)),
    buttons: [Dialog.okButton({ label: options.close })],
    hasClose: true,
    renderer: new DialogRenderer(options)
  });
  dialog.addClass('gc-DialogHost');
  dialog.toggleClass('gc-mod-wide', options.wide === true);
  dialog.node.setAttribute('aria-label', options.title);
  void dialog.launch();
  return dialog;
}

/** A dialog in which Enter in a form is the form's, and closes nothing. */
class FormDialog extends Dialog<unknown> {
  override handleEvent(event: Event): void {
    const { target } = event;
    const inForm = target instanceof HTMLInputElement && target.form !== null;
    if (inForm && event instanceof KeyboardEvent && event.key === 'Enter') {
      return;
    }
    super.handleEvent(event);
  }
}

/** The look of the chat's dialogs, in the frame of JupyterLab's. */
class DialogRenderer extends Dialog.Renderer {
  constructor(private _options: IDialogOptions) {
    super();
  }

  override createHeader(
    _title: Dialog.Header,
    reject: () => void = () => undefined
  ): Widget {
    const { title, subtitle, aside, closeLabel, within } = this._options;
    const header = ReactWidget.create(
      within(
        <>
          <div>
            <h2>{title}</h2>
            <p className="gc-meta">{subtitle}</p>
          </div>
          {aside}
          <IconButton icon={closeIcon} label={closeLabel} onClick={reject} />
        </>
      )
    );
    header.addClass('gc');
    header.addClass('gc-Dialog-header');
    return header;
  }

  override createBody(value: Dialog.Body<unknown>): Widget {
    const body = value as Widget;
    body.addClass('jp-Dialog-body');
    body.addClass('gc');
    body.addClass('gc-Dialog-body');
    return body;
  }

  override createFooter(buttons: readonly HTMLElement[]): Widget {
    const footer = new Panel();
    footer.addClass('gc');
    footer.addClass('gc-Dialog-footer');
    const note = ReactWidget.create(
      this._options.within(<>{this._options.note}</>)
    );
    note.addClass('gc-Dialog-note');
    const closing = new Widget();
    closing.node.append(...buttons);
    footer.addWidget(note);
    footer.addWidget(closing);
    return footer;
  }

  override createButtonNode(button: Dialog.IButton): HTMLButtonElement {
    const node = document.createElement('button');
    node.className = 'gc-Button';
    node.textContent = button.label;
    return node;
  }
}
