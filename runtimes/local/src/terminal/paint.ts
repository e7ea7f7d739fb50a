import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Puts colour on a text, where somebody sees it. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

/** Colours on a terminal that has them and where nobody says NO_COLOR; none in a pipe or a file. */
export const paintFor =
  (stream: NodeJS.WriteStream): Paint =>
  (style, text) =>
    styleText(style, text, { stream });
