import { describe, expect, it } from 'vitest';

import { tidyTable } from './tables';

function table(head: string): HTMLTableElement {
  const element = document.createElement('table');
  element.innerHTML = `<thead>${head}</thead><tbody><tr><th>a</th><td>1</td></tr></tbody>`;
  return element;
}

const rows = (element: Element) =>
  Array.from(element.querySelectorAll('thead > tr'), row =>
    Array.from(row.children, cell => cell.textContent)
  );

describe('tidyTable', () => {
  it('puts the name of the index beside those of the columns', () => {
    const element = table(
      '<tr><th></th><th>size</th><th>rate</th></tr><tr><th>plan</th><th></th><th></th></tr>'
    );
    tidyTable(element);
    expect(rows(element)).toEqual([['plan', 'size', 'rate']]);
  });

  it.each([
    [
      'two levels of columns',
      '<tr><th></th><th>a</th></tr><tr><th></th><th>b</th></tr>'
    ],
    [
      'columns that span',
      '<tr><th></th><th colspan="2">a</th></tr><tr><th>i</th><th></th></tr>'
    ],
    ['one row', '<tr><th></th><th>a</th></tr>']
  ])('leaves %s alone', (_, head) => {
    const element = table(head);
    const before = rows(element);
    tidyTable(element);
    expect(rows(element)).toEqual(before);
  });
});
