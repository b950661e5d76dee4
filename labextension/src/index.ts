import { JupyterFrontEndPlugin } from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-groupchat:plugin',
  description: 'Group chat with an AI member.',
  autoStart: true,
  activate: () => undefined
};

export default plugin;
