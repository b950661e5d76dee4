/** Tables as a notebook puts them out. */

/** Show a table in the chat's look, with the name of a data frame's index in the same line as those of its columns. */
export function tidyTable(table: Element): void {
  table.className = 'gc-Table';
  const [names, index, more] = table.querySelectorAll('thead > tr');
  if (index === undefined || more !== undefined) {
    return;
  }
  const columns = Array.from(names.children);
  const labels = Array.from(index.children);
  const fits =
    columns.length === labels.length &&
    columns.every((column, at) => isEmpty(column) || isEmpty(labels[at])) &&
    [...columns, ...labels].every(cell => !cell.hasAttribute('colspan'));
  if (fits) {
    columns.forEach((column, at) => {
      if (isEmpty(column)) {
        column.replaceWith(labels[at]);
      }
    });
    index.remove();
  }
}

function isEmpty(cell: Element): boolean {
  return cell.textContent?.trim() === '';
}
