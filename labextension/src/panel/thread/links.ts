/** Links that lead to a message. */

/** The address of this page with a thread and a message to open. */
export function messageLink(threadId: string, messageId: string): string {
  const url = new URL(window.location.href);
  url.search = '';
  url.hash = '';
  url.searchParams.set('groupchat-thread', threadId);
  url.searchParams.set('groupchat-message', messageId);
  return url.href;
}
