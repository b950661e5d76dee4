import type { IReportJson } from '../client/answers';
import type { Api } from '../client/api';
import type { IReportsChanged } from '../client/events';
import type { Socket } from '../client/socket';
import type { IReport } from './interfaces';

/** The messages that somebody reported, for the people who run the server. */
export class Reports {
  /** @param reported - called when somebody reported a message. */
  constructor(
    private readonly api: Api,
    private readonly socket: Socket,
    private readonly reported: () => void
  ) {}

  /** How many wait to be looked at. */
  get open(): number {
    return this.count;
  }

  /** The open ones, the newest first; this counts them as well. */
  async fetch(): Promise<readonly IReport[]> {
    const { reports } = await this.api.get<{
      reports: readonly IReportJson[];
    }>(['reports']);
    this.count = reports.length;
    return reports.map(asReport);
  }

  async close(report: string): Promise<void> {
    await this.socket.request({ do: 'report.close', report });
  }

  update(event: IReportsChanged): void {
    this.count = event.open;
    if (event.new) {
      this.reported();
    }
  }

  private count = 0;
}

function asReport(json: IReportJson): IReport {
  return {
    id: json.id,
    title: json.thread_title,
    author: json.author,
    body: json.body,
    reportedBy: json.reported_by,
    reason: json.reason,
    at: new Date(json.at)
  };
}
