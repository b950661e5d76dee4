import { SplitPanel, type Widget } from '@lumino/widgets';

/** The width for which the panel was designed. JupyterLab opens its side bars at 250. */
const WIDTH = 360;

/** Give a panel in a side bar the width that it was designed for; whether it is in one, and shown. */
export function widen(panel: Widget): boolean {
  let side = panel;
  while (side.parent && !(side.parent instanceof SplitPanel)) {
    side = side.parent;
  }
  const split = side.parent;
  if (!(split instanceof SplitPanel) || !panel.isVisible) {
    return false;
  }
  const at = split.widgets.indexOf(side);
  const sizes = split.relativeSizes();
  const missing = WIDTH / split.node.clientWidth - sizes[at];
  if (missing > 0 && sizes[at - 1] > 2 * missing) {
    sizes[at] += missing;
    sizes[at - 1] -= missing;
    split.setRelativeSizes(sizes);
  }
  return true;
}
