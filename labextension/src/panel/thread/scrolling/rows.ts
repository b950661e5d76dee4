import { Virtualizer } from '@tanstack/react-virtual';

/** The list as the virtualiser sees it. */
export type Rows = Virtualizer<HTMLDivElement, Element>;

/** This near to the end counts as at the end, in pixels. */
export const END = 40;
