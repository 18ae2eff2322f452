import { Component } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Lines } from '../api/use-lines';
import { count } from '../format';
import { Empty, Problem } from './state';
import type { Column } from './table';
import { currentLanguage, t, tx } from '../i18n/language';

type LongColumn<Row> = Column<Row> & { readonly width: string };

interface LongTableProps<Row> {
  readonly label: string;
  readonly columns: readonly LongColumn<Row>[];
  readonly lines: Lines<Row>;
  /** How many there are in all, where it is known: then the scroll bar is right from the start. */
  readonly total: number | undefined;
  readonly empty: string;
}

const ROW = 38;
const AROUND = 12;

/** A table of any length: only the rows in sight are in the page, and the next ones are read as they come near. */
export function LongTable<Row>({ label, columns, lines, total, empty }: LongTableProps<Row>) {
  const box = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  const [height, setHeight] = useState(600);
  const rows = lines.isWhole ? lines.items.length : Math.max(total ?? 0, lines.items.length);
  const seen = Math.ceil(height / ROW);
  const from = Math.max(0, first - AROUND);
  const to = Math.min(rows, first + seen + AROUND);

  // The box grows with its rows: what it measured before they were there would leave the rest of it empty.
  useLayoutEffect(() => setHeight(box.current?.clientHeight ?? 600));
  useEffect(() => {
    if (!lines.isWhole && to > 0) lines.upTo(to);
  }, [to, lines.isWhole, lines.items.length]);

  if (lines.error !== undefined) return <Problem refused={lines.error} />;
  if (lines.isWhole && rows === 0) return <Empty>{empty}</Empty>;
  const template = columns.map(({ width }) => width).join(' ');
  const style = { gridTemplateColumns: template };
  // Somebody looks at lines that are still to be read: how far the reading is, is over the foot of the table.
  const isBehind = !lines.isWhole && to > lines.items.length;
  return (
    <>
      <div
        ref={box}
        class="long"
        role="table"
        aria-label={label}
        aria-rowcount={rows + 1}
        tabIndex={0}
        onScroll={() => setFirst(Math.floor(box.current!.scrollTop / ROW))}
      >
        <div class="long-head" role="rowgroup">
          <div class="long-row" role="row" aria-rowindex={1} style={style}>
            {columns.map((column) => (
              <span
                key={column.head}
                role="columnheader"
                class={column.isNumber === true ? 'number' : ''}
              >
                {column.head}
              </span>
            ))}
          </div>
        </div>
        <div class="long-body" role="rowgroup" style={{ height: `${rows * ROW}px` }}>
          {Array.from({ length: to - from }, (_, index) => (
            <LongRow
              key={from + index}
              number={from + index}
              row={lines.items[from + index]}
              columns={columns as readonly LongColumn<unknown>[]}
              template={template}
              language={currentLanguage()}
            />
          ))}
        </div>
      </div>
      <p class={`long-read quiet ${isBehind ? '' : 'unseen'}`} role="status">
        {tx('{0} of {1} lines read', count(lines.items.length), count(rows))}
      </p>
    </>
  );
}

interface LongRowProps {
  readonly number: number;
  /** `undefined` while it is still to be read. */
  readonly row: unknown;
  readonly columns: readonly LongColumn<unknown>[];
  readonly template: string;
  readonly language: string;
}

/** One line. While one scrolls, lines that stay in sight are not drawn again: the same row in the same place is the same. */
class LongRow extends Component<LongRowProps> {
  override shouldComponentUpdate(next: LongRowProps): boolean {
    const { row, template, language } = this.props;
    return row !== next.row || template !== next.template || language !== next.language;
  }

  override render({ number, row, columns, template }: LongRowProps) {
    const style = { gridTemplateColumns: template, transform: `translateY(${number * ROW}px)` };
    return (
      <div class="long-row" role="row" aria-rowindex={number + 2} style={style}>
        {row === undefined ? (
          <span role="cell" class="quiet">
            {t('Reading…')}
          </span>
        ) : (
          columns.map((column) => (
            <span key={column.head} role="cell" class={column.isNumber === true ? 'number' : ''}>
              {column.cell(row)}
            </span>
          ))
        )}
      </div>
    );
  }
}
