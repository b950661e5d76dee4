import type { DOMWidgetModel } from '@jupyter-widgets/base';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { afterEach, expect, test, vi } from 'vitest';

import { Consent } from './consent';

vi.hoisted(() => {
  vi.stubGlobal('DragEvent', class extends Event {}); // jsdom has none
});

const trans = {
  __: (text: string, name = '') => text.replace('%1', name)
} as unknown as TranslationBundle;

/** As much of a widget's model as is looked at; `is` does what the kernel does to it. */
class Model {
  writer = '';
  readonly send = vi.fn();

  get(): string {
    return this.writer;
  }

  on(event: string, call: (value?: unknown) => void, self: unknown): void {
    this.calls.set(event, call.bind(self));
  }

  off(event: string): void {
    this.calls.delete(event);
  }

  is(event: string, value?: unknown): void {
    this.calls.get(event)?.(value);
  }

  readonly calls = new Map<string, (value?: unknown) => void>();
}

const TICKET = { value: 'v', thread: 't', urls: ['http://localhost:8888/'] };

function consent(ticket: () => Promise<typeof TICKET>): {
  model: Model;
  widget: Consent;
  button: HTMLButtonElement;
} {
  const model = new Model();
  const widget = new Consent({
    chat: { me: { name: 'Ana' } as never, ticket },
    model: model as unknown as DOMWidgetModel,
    thread: 't',
    trans
  });
  Widget.attach(widget, document.body);
  return { model, widget, button: widget.node.querySelector('button')! };
}

afterEach(() => document.body.replaceChildren());

test('nothing is asked for or handed over before the click', async () => {
  const ticket = vi.fn(() => Promise.resolve(TICKET));
  const { model, button } = consent(ticket);
  expect(button.textContent).toBe('Let this notebook write here');
  expect(ticket).not.toHaveBeenCalled();
  button.click();
  await vi.waitFor(() =>
    expect(model.send).toHaveBeenCalledWith({ ticket: TICKET, name: 'Ana' }, {})
  );
  expect(ticket).toHaveBeenCalledWith('t');
});

test('the button gives way to the name while the kernel holds a ticket', () => {
  const { model, widget, button } = consent(() => Promise.resolve(TICKET));
  model.writer = 'Ana';
  model.is('change:writer');
  expect(button.hidden).toBe(true);
  expect(widget.node.textContent).toContain('This notebook writes here as Ana');
  model.writer = '';
  model.is('change:writer');
  expect(button.hidden).toBe(false);
  widget.dispose();
  expect(model.calls.size).toBe(0);
});

test('a refusal is shown, be it the server’s or the kernel’s, and one can try again', async () => {
  const { model, widget, button } = consent(() =>
    Promise.reject(new Error('no'))
  );
  button.click();
  await vi.waitFor(() => expect(button.disabled).toBe(false));
  expect(widget.node.querySelector('span')?.textContent).not.toBe('');
  model.is('msg:custom', { error: { message: 'It cannot be reached.' } });
  expect(widget.node.textContent).toContain('It cannot be reached.');
});
