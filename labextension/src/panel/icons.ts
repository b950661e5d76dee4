/** Icons: 16 px, 1.3 px lines in the colour of the text around them. */
import { LabIcon } from '@jupyterlab/ui-components';

function icon(name: string, shapes: string): LabIcon {
  return new LabIcon({
    name: `jupyter-groupchat:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round">${shapes}</svg>`
  });
}

/** An icon that JupyterLab shows as well, in its side bars and toolbars, in the colour that it gives to icons there. */
function labIcon(name: string, shapes: string): LabIcon {
  return icon(name, `<g class="jp-icon3" stroke="#616161">${shapes}</g>`);
}

export const chatIcon = labIcon(
  'chat',
  '<path d="M2.6 3h6.8a1.1 1.1 0 0 1 1.1 1.1v3.3a1.1 1.1 0 0 1-1.1 1.1H5.6l-2.2 1.9V8.5h-.8a1.1 1.1 0 0 1-1.1-1.1V4.1A1.1 1.1 0 0 1 2.6 3z"/><path d="M12.7 6.2h.7a1.1 1.1 0 0 1 1.1 1.1v3a1.1 1.1 0 0 1-1.1 1.1h-.8v1.9l-2.2-1.9H7.6"/>'
);
export const sendIcon = icon(
  'send',
  '<path d="M2.3 3.2 14 8 2.3 12.8l1.6-4.8z"/><path d="M3.9 8H9"/>'
);
export const cellShareIcon = labIcon(
  'cell-share',
  '<path d="M8.5 3.5H3a1 1 0 0 0-1 1v7a1 1 0 0 0 1 1h9.5a1 1 0 0 0 1-1V9"/><path d="M4.5 6.5h2M4.5 9.5h4"/><path d="M9.5 6.8 14 2.4M10.6 2.2h3.6v3.6"/>'
);
export const atIcon = icon(
  'at',
  '<circle cx="8" cy="8" r="2.4"/><path d="M10.4 5.7v3.4a1.65 1.65 0 0 0 3.3 0V8A5.7 5.7 0 1 0 11 12.9"/>'
);
export const togetherIcon = icon(
  'together',
  '<path d="M2.2 13.3h11.6"/><path d="M3.4 9.6 9 4l2.2 2.2-5.6 5.6-2.7.5z"/><path d="M12.6 2.2v4M10.6 4.2"/><circle cx="13" cy="9.2" r="1.3"/>'
);
export const inviteIcon = icon(
  'invite',
  '<circle cx="6.2" cy="5.2" r="2.4"/><path d="M1.9 13.2c.3-2.5 2-3.9 4.3-3.9s4 1.4 4.3 3.9"/><path d="M12.6 4.6v4M10.6 6.6h4"/>'
);
export const removePersonIcon = icon(
  'remove-person',
  '<circle cx="6.2" cy="5.2" r="2.4"/><path d="M1.9 13.2c.3-2.5 2-3.9 4.3-3.9s4 1.4 4.3 3.9"/><path d="m11.2 5.2 2.8 2.8M14 5.2 11.2 8"/>'
);
export const peopleIcon = icon(
  'people',
  '<circle cx="5.8" cy="5.4" r="2.3"/><path d="M1.7 13c.3-2.4 1.9-3.7 4.1-3.7S9.6 10.6 9.9 13"/><path d="M10.3 3.3a2.3 2.3 0 0 1 0 4.3M11.7 9.6c1.5.4 2.4 1.6 2.6 3.4"/>'
);
export const moreIcon = icon(
  'more',
  '<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.4"/>'
);
export const backIcon = icon('back', '<path d="M9.8 3.5 5.3 8l4.5 4.5"/>');
export const downIcon = icon('down', '<path d="m4 6.2 4 4 4-4"/>');
export const rightIcon = icon('right', '<path d="m6.2 4 4 4-4 4"/>');
export const arrowDownIcon = icon(
  'arrow-down',
  '<path d="M8 3v9.5M4.2 8.8 8 12.5l3.8-3.7"/>'
);
export const searchIcon = icon(
  'search',
  '<circle cx="7" cy="7" r="4.2"/><path d="m10.2 10.2 3.6 3.6"/>'
);
export const attachIcon = icon(
  'attach',
  '<path d="m12.9 7.4-5.1 5.1a3 3 0 0 1-4.3-4.3l5.4-5.4a2 2 0 0 1 2.9 2.9l-5.3 5.3a1 1 0 0 1-1.5-1.4l4.8-4.9"/>'
);
export const microphoneIcon = icon(
  'microphone',
  '<rect x="6" y="1.8" width="4" height="7.4" rx="2"/><path d="M3.6 7.6a4.4 4.4 0 0 0 8.8 0M8 12v2.2M5.8 14.2h4.4"/>'
);
export const fileIcon = icon(
  'file',
  '<path d="M9.3 2H4.5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h7a1 1 0 0 0 1-1V5.2z"/><path d="M9.2 2.2v3.1h3.1"/>'
);
export const importIcon = icon(
  'import',
  '<path d="M8 2.5v7M5 6.7l3 3 3-3"/><path d="M2.7 10.5v2a1 1 0 0 0 1 1h8.6a1 1 0 0 0 1-1v-2"/>'
);
export const flagIcon = icon(
  'flag',
  '<path d="M4 14V2.8"/><path d="M4 3.2h7.6L10 6l1.6 2.8H4"/>'
);
export const plusIcon = icon('plus', '<path d="M8 3v10M3 8h10"/>');
export const mutedIcon = icon(
  'muted',
  '<path d="M4.3 7.2V11h6.7M6 4.1A3.7 3.7 0 0 1 11.7 7.2V9"/><path d="M3.2 11h1.1M6.7 13.3a1.4 1.4 0 0 0 2.6 0M2.5 2.5l11 11"/>'
);
export const lockIcon = icon(
  'lock',
  '<rect x="3.5" y="7" width="9" height="6.5" rx="1"/><path d="M5.5 7V5.2a2.5 2.5 0 0 1 5 0V7"/>'
);
export const linkIcon = icon(
  'link',
  '<path d="M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.3-2.3A2.6 2.6 0 0 0 9 3.3l-.8.8"/><path d="M9.3 6.7a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.8-.8"/>'
);
export const copyIcon = icon(
  'copy',
  '<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"/>'
);
export const insertIcon = icon(
  'insert',
  '<rect x="2.5" y="2.5" width="11" height="4" rx=".8"/><path d="M8 9v5M5.6 11.7 8 14l2.4-2.3"/>'
);
export const replaceIcon = icon(
  'replace',
  '<path d="M2.8 5.6h9.7M10.2 3.3l2.4 2.3-2.4 2.3M13.2 10.8H3.5M5.8 8.5l-2.4 2.3 2.4 2.3"/>'
);
export const stopIcon = icon(
  'stop',
  '<rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor"/>'
);
export const goToIcon = icon(
  'go-to',
  '<path d="M2.5 8h7.3M7 5l3 3-3 3M13 3.5v9"/>'
);
export const notebookIcon = icon(
  'notebook',
  '<rect x="3" y="2" width="10" height="12" rx="1"/><path d="M5.7 2v12M8 5.2h2.8M8 7.8h2.8"/>'
);
export const checkIcon = icon('check', '<path d="M3 8.4 6.4 11.8 13 4.7"/>');
export const closeIcon = icon('close', '<path d="m4 4 8 8M12 4l-8 8"/>');
export const warnIcon = icon(
  'warn',
  '<path d="M8 2.5 14.3 13.3H1.7z"/><path d="M8 6.6v3M8 11.5v.01"/>'
);
export const infoIcon = icon(
  'info',
  '<circle cx="8" cy="8" r="5.8"/><path d="M8 7.4v3.6M8 5.1v.01"/>'
);
export const refreshIcon = icon(
  'refresh',
  '<path d="M12.9 6.2A5.2 5.2 0 1 0 13.2 9M13.3 2.8v3.5H9.8"/>'
);
export const eyeIcon = icon(
  'eye',
  '<path d="M1.6 8S4 3.9 8 3.9 14.4 8 14.4 8 12 12.1 8 12.1 1.6 8 1.6 8z"/><circle cx="8" cy="8" r="1.9"/>'
);
export const hiddenIcon = icon(
  'hidden',
  '<path d="M3.5 5.4C2.3 6.6 1.6 8 1.6 8S4 12.1 8 12.1c1 0 1.9-.2 2.7-.6M6.5 4.1c.5-.1 1-.2 1.5-.2 4 0 6.4 4.1 6.4 4.1s-.5.9-1.4 1.8M2.5 2.5l11 11"/>'
);
export const trashIcon = icon(
  'trash',
  '<path d="M3 4.5h10M6.2 4.5V3h3.6v1.5M4.2 4.5l.6 9h6.4l.6-9M6.8 7v4M9.2 7v4"/>'
);
export const archiveIcon = icon(
  'archive',
  '<rect x="2" y="3" width="12" height="3"/><path d="M3 6v7h10V6M6.5 8.7h3"/>'
);
export const replyIcon = icon(
  'reply',
  '<path d="M6.4 3.8 2.7 7.5l3.7 3.7M2.9 7.5h6.3c2.5 0 4.1 1.6 4.1 4.6"/>'
);
export const smileIcon = icon(
  'smile',
  '<circle cx="8" cy="8" r="5.7"/><path d="M5.6 9.5c.6.9 1.4 1.4 2.4 1.4s1.8-.5 2.4-1.4M6 6.4v.01M10 6.4v.01"/>'
);
export const clockIcon = icon(
  'clock',
  '<circle cx="8" cy="8" r="5.7"/><path d="M8 4.7V8l2.3 1.4"/>'
);
export const offlineIcon = icon(
  'offline',
  '<path d="M5.2 5.5a3.4 3.4 0 0 0-.7 6.7h6.9M7.5 4.3c2 .1 3.4 1.4 3.8 3.1a2.5 2.5 0 0 1 2 3.8M2.5 2.5l11 11"/>'
);
export const branchIcon = icon(
  'branch',
  '<circle cx="4.5" cy="3.5" r="1.5"/><circle cx="4.5" cy="12.5" r="1.5"/><circle cx="11.5" cy="5" r="1.5"/><path d="M4.5 5v6M11.5 6.5c0 2.5-2.5 2.7-4.5 3.2-1.5.4-2.5.8-2.5 1.8"/>'
);
export const modelIcon = icon(
  'model',
  '<rect x="4.2" y="4.2" width="7.6" height="7.6" rx="1.4"/><path d="M6.6 4.2V2.3M9.4 4.2V2.3M6.6 13.7v-1.9M9.4 13.7v-1.9M4.2 6.6H2.3M4.2 9.4H2.3M13.7 6.6h-1.9M13.7 9.4h-1.9"/>'
);
export const gearIcon = icon(
  'gear',
  '<circle cx="8" cy="8" r="2.1"/><path d="M8 1.9v2M8 12.1v2M1.9 8h2M12.1 8h2M3.7 3.7l1.4 1.4M10.9 10.9l1.4 1.4M12.3 3.7l-1.4 1.4M5.1 10.9l-1.4 1.4"/><circle cx="8" cy="8" r="4.3"/>'
);
export const commentIcon = icon(
  'comment',
  '<path d="M3 3h10a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H7.5L4.8 13.4V11H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z"/>'
);
export const pinIcon = icon(
  'pin',
  '<path d="M6 2.5h4l-.4 4 2.2 2.2H4.2l2.2-2.2z"/><path d="M8 8.7v4.8"/>'
);
export const editIcon = icon(
  'edit',
  '<path d="M10.6 3.2 12.8 5.4 5.6 12.6l-2.9.7.7-2.9z"/><path d="m9.2 4.6 2.2 2.2"/>'
);
export const bellIcon = icon(
  'bell',
  '<path d="M4.3 11V7.2a3.7 3.7 0 0 1 7.4 0V11"/><path d="M3.2 11h9.6M6.7 13.3a1.4 1.4 0 0 0 2.6 0"/>'
);
export const leaveIcon = icon(
  'leave',
  '<path d="M9 3H4a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h5"/><path d="M6.8 8h7M11.3 5.5 13.8 8l-2.5 2.5"/>'
);
