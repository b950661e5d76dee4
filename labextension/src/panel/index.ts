export { GroupChatPanel, type IGroupChatPanelOptions } from './GroupChatPanel';
export { cellShareIcon, chatIcon } from './icons';
export type { IPanelSettings } from './state';
