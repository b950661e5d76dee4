import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IJupyterWidgetRegistry } from '@jupyter-widgets/base';

/**
 * Where widgets are registered; null where ipywidgets is not installed, or switched off.
 *
 * Its module comes with it: were it imported with ours, then without it there would be no chat at all.
 */
export async function widgetRegistry(
  app: JupyterFrontEnd
): Promise<IJupyterWidgetRegistry | null> {
  const base = await import('@jupyter-widgets/base').catch(() => null);
  return base && app.resolveOptionalService(base.IJupyterWidgetRegistry);
}
