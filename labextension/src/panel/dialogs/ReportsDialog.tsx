import { useEffect, useState } from 'react';

import { IReport } from '../../model/interfaces';
import { IPanelContext, PanelContext, usePanel } from '../context';
import { useAction } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { checkIcon } from '../icons';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { Skeleton } from '../parts/Skeleton';
import { openDialog } from './openDialog';

/** Open the list of what members reported, for those who keep the server. */
export function openReports(panel: IPanelContext): void {
  const { trans } = panel;
  openDialog({
    within: element => (
      <PanelContext.Provider value={panel}>{element}</PanelContext.Provider>
    ),
    closeLabel: trans.__('Close'),
    title: trans.__('Reports'),
    subtitle: trans.__('Messages that members want you to look at'),
    body: <ReportsDialog />,
    close: trans.__('Done')
  });
}

/** The open reports, each with a button that closes it. */
function ReportsDialog(): JSX.Element {
  const { chat, trans } = usePanel();
  const open = useField(chat, c => c.openReports);
  const { busy, problem, run } = useAction();
  const [reports, setReports] = useState<readonly IReport[] | null>(null);
  // Another operator may close one meanwhile, and somebody report another message.
  useEffect(
    () => run(async () => setReports(await chat.reports())),
    [chat, open, run]
  );
  return (
    <>
      {problem !== null && (
        <Notice tone="error" role="alert">
          {problem}
        </Notice>
      )}
      {reports === null && problem === null && (
        <Skeleton label={trans.__('Loading reports')} />
      )}
      {reports?.length === 0 && (
        <p className="gc-quiet">{trans.__('No report is open.')}</p>
      )}
      {reports?.map(report => (
        <Report
          key={report.id}
          report={report}
          busy={busy}
          onClose={() =>
            run(async () => {
              await chat.closeReport(report.id);
              setReports(await chat.reports());
            })
          }
        />
      ))}
    </>
  );
}

function Report(props: {
  report: IReport;
  busy: boolean;
  onClose: () => void;
}): JSX.Element {
  const { report, busy, onClose } = props;
  const { trans, times } = usePanel();
  return (
    <article className="gc-Report">
      <p>
        {trans.__('%1 reported %2', report.reportedBy, report.author)}{' '}
        <span className="gc-meta">
          {report.title === null
            ? trans.__('in a thread that is gone')
            : trans.__('in “%1”', report.title)}
          {' · '}
          {times.moment(report.at)}
        </span>
      </p>
      <blockquote className="gc-Quoted">
        {report.body || trans.__('No text')}
      </blockquote>
      <p>{report.reason}</p>
      <Button
        mods="small"
        icon={checkIcon}
        aria-disabled={busy}
        title={trans.__('It was looked at; the copy of the message is deleted')}
        onClick={onClose}
      >
        {trans.__('Close report')}
      </Button>
    </article>
  );
}
