import { IMessage } from '../../model/interfaces';

/** What a message asks of the view around it. */
export interface IMessageActions {
  reply(message: IMessage): void;
  edit(message: IMessage): void;
}
