import {
  htmlRendererFactory,
  IMarkdownParser,
  markdownRendererFactory,
  RenderMimeRegistry
} from '@jupyterlab/rendermime';

/** JupyterLab's renderers of what a message or the output of a shared cell can hold. Formulas stay as they are typed. */
export function makeRendermime(): RenderMimeRegistry {
  return new RenderMimeRegistry({
    initialFactories: [htmlRendererFactory, markdownRendererFactory],
    markdownParser: new LazyParser()
  });
}

/** Loads the parser and the highlighter, which are large, when the first text is shown. */
class LazyParser implements IMarkdownParser {
  async render(text: string): Promise<string> {
    this.parser ??= import('./markdown').then(({ makeParser }) => makeParser());
    return (await this.parser).render(text);
  }

  private parser: Promise<IMarkdownParser> | undefined;
}
