/**
 * What may end a line of CSV. Without this list, csv-parse takes the first line's end for all, and in a file that was
 * joined or edited, ids end with a carriage return, or all rows are one. A line break in a quoted cell ends nothing.
 */
export const LINE_ENDS: readonly string[] = ['\r\n', '\n', '\r'];
