/** Markdown as a line of plain text, for previews and quotes. Pure; what it returns is shown as text only. */

/** The text without its markup, on one line, at most `length` characters. */
export function plainLine(markdown: string, length = 160): string {
  const text = markdown
    // Enough is enough: a preview needs no more than the beginning.
    .slice(0, length * 4)
    .replace(/^\s*(`{3,}|~{3,}).*$/gm, ' ')
    // Of tables, what is in their cells.
    .replace(/^\s*\|.*$/gm, row =>
      /[^|\s:-]/.test(row) ? row.replace(/\|/g, ' ') : ' '
    )
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s{0,3}(#{1,6}|>|[-*+]|\d+[.)])\s+/gm, '')
    .replace(/(\*\*|__|~~|`)(.+?)\1/g, '$2')
    .replace(/(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\1(?!\w)/g, '$2')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** Code as a fenced block, with a fence that nothing inside can close. */
export function fenced(code: string, language: string): string {
  const longest = Math.max(
    2,
    ...(code.match(/`+/g) ?? []).map(run => run.length)
  );
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code}\n${fence}`;
}

/** The initials of a name, two at most. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(word => word !== '');
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : ''];
  return letters
    .map(word => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toUpperCase();
}

/** The first word of a name: how people are spoken of where room is short. */
export function firstName(name: string): string {
  return name.split(/\s+/)[0] || name;
}

/** A file's name without its folders. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
