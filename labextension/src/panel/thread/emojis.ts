/** The reactions to choose from, each with its name. */
import { TranslationBundle } from '@jupyterlab/translation';

/** Emoji and name, in the order of the palette. */
export function palette(
  trans: TranslationBundle
): readonly (readonly [string, string])[] {
  return [
    ['👍', trans.__('Thumbs up')],
    ['🙏', trans.__('Thanks')],
    ['✅', trans.__('Check mark')],
    ['👀', trans.__('Eyes')],
    ['🎯', trans.__('On target')],
    ['🎉', trans.__('Party')],
    ['❤️', trans.__('Heart')],
    ['😄', trans.__('Laugh')],
    ['🤔', trans.__('Thinking')],
    ['👎', trans.__('Thumbs down')]
  ];
}

/** The name of a reaction; the emoji itself where it is not one of the palette. */
export function emojiName(emoji: string, trans: TranslationBundle): string {
  return palette(trans).find(([known]) => known === emoji)?.[1] ?? emoji;
}
