/** What a role allows, as far as the panel shows it; the server decides. */
import { TranslationBundle } from '@jupyterlab/translation';

import { Mode, Role } from '../../model/interfaces';

/** Invites, removes, and changes the thread's settings. */
export function manages(role: Role): boolean {
  return role === 'owner' || role === 'member';
}

/** Shares cells. */
export function shares(role: Role): boolean {
  return role !== 'reviewer';
}

/** Pins messages, and marks them as agreed. */
export function marks(role: Role): boolean {
  return role !== 'reviewer';
}

/** The name of a role. */
export function roleName(role: Role, trans: TranslationBundle): string {
  return {
    owner: trans.__('Owner'),
    member: trans.__('Member'),
    annotator: trans.__('Annotator'),
    reviewer: trans.__('Reviewer')
  }[role];
}

/** What somebody of a role may do. */
export function roleHint(role: Role, trans: TranslationBundle): string {
  return {
    owner: trans.__('Everything, and deletes the thread'),
    member: trans.__('Chat, share cells, invite, change settings'),
    annotator: trans.__('Chat and share cells'),
    reviewer: trans.__('Read, comment and react')
  }[role];
}

/** The name of a mode. */
export function modeName(mode: Mode, trans: TranslationBundle): string {
  return {
    auto: trans.__('Auto'),
    mention: trans.__('Mention'),
    quiet: trans.__('Quiet')
  }[mode];
}

/** When the assistant speaks in a mode. */
export function modeHint(mode: Mode, trans: TranslationBundle): string {
  return {
    auto: trans.__('Replies when addressed or useful'),
    mention: trans.__('Replies when mentioned'),
    quiet: trans.__('Replies when mentioned, never reacts')
  }[mode];
}
