import { IPanelContext, PanelContext } from '../context';
import { openDialog } from './openDialog';
import { ProfileDialog } from './ProfileDialog';

/** Show the person's own name and picture. */
export function openProfile(panel: IPanelContext): void {
  const { chat, trans } = panel;
  openDialog({
    title: trans.__('Your profile'),
    subtitle: trans.__('How others see you in Group Chat'),
    body: <ProfileDialog />,
    note: (
      <span className="gc-meta">
        {trans.__('Signed in as %1', chat.me?.username ?? '')}
      </span>
    ),
    close: trans.__('Done'),
    closeLabel: trans.__('Close'),
    within: element => (
      <PanelContext.Provider value={panel}>{element}</PanelContext.Provider>
    )
  });
}
