import {
  EditorLanguageRegistry,
  jupyterHighlightStyle
} from '@jupyterlab/codemirror';
import { createMarkdownParser } from '@jupyterlab/markedparser-extension';
import type { IMarkdownParser } from '@jupyterlab/rendermime';

/** The parser of JupyterLab, which highlights code as its editors do. */
export function makeParser(): IMarkdownParser {
  const languages = new EditorLanguageRegistry();
  for (const language of EditorLanguageRegistry.getDefaultLanguages()) {
    languages.addLanguage(language);
  }
  // An editor would bring the colours; a sheet that is made by a script is the one that the page's policy lets in.
  const colours = new CSSStyleSheet();
  colours.replaceSync(jupyterHighlightStyle.module?.getRules() ?? '');
  document.adoptedStyleSheets.push(colours);
  return createMarkdownParser(languages);
}
