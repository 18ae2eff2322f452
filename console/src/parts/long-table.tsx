import { Component } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { Lines } from '../api/use-lines';
import { count } from '../format';
import { Empty, Problem } from './state';
import type { Column } from './table';
import { useIsNarrow } from './use-narrow';
import { currentLanguage, t, tx } from '../i18n/language';

type LongColumn<Row> = Column<Row> & {
  readonly width: string;
  /**
   * The column's position on a narrow screen, where a row has two lines: names on the left, amounts on the right.
   * Columns without a position are left out there. If no column has a position, the table scrolls sideways.
   */
  readonly narrow?: 'name' | 'amount' | 'under-name' | 'under-amount';
};

interface LongTableProps<Row> {
  readonly label: string;
  readonly columns: readonly LongColumn<Row>[];
  readonly lines: Lines<Row>;
  /** The number of rows in all, if known: the scroll bar is then right from the start. */
  readonly total: number | undefined;
  readonly empty: string;
}

const ROW = 38;
/** The height of a row of two lines, in pixels. */
const TALL_ROW = 60;
const AROUND = 12;

/** A table of any length: only visible rows are in the page, and more are read as they come near. */
export function LongTable<Row>(props: LongTableProps<Row>) {
  const { label, lines, total, empty } = props;
  const placed = props.columns.filter(({ narrow }) => narrow !== undefined);
  const isStacked = useIsNarrow() && placed.length > 0;
  const columns = isStacked ? placed : props.columns;
  const rowHeight = isStacked ? TALL_ROW : ROW;
  const box = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  const [height, setHeight] = useState(600);
  const rows = lines.isWhole ? lines.items.length : Math.max(total ?? 0, lines.items.length);
  const seen = Math.ceil(height / rowHeight);
  const near = first + seen + AROUND;
  const from = Math.max(0, first - AROUND);
  const to = Math.min(rows, near);
  const isCounted = lines.isWhole || total !== undefined;

  // The box grows with its rows: a height measured before they arrived would leave part of it empty.
  useLayoutEffect(() => setHeight(box.current?.clientHeight ?? 600));
  useEffect(() => {
    // Not `to`: if the total is unknown, it is never more than what is read.
    if (!lines.isWhole) lines.upTo(near);
  }, [near, lines.isWhole, lines.items.length]);

  if (lines.error !== undefined && rows === 0) return <Problem refused={lines.error} />;
  if (lines.isWhole && rows === 0) return <Empty>{empty}</Empty>;
  const template = isStacked ? undefined : columns.map(({ width }) => width).join(' ');
  const style = template === undefined ? {} : { gridTemplateColumns: template };
  // The person has scrolled to lines that are not read yet: show how far reading has got.
  const isBehind = !lines.isWhole && (isCounted ? to : near) > lines.items.length && rows > 0;
  return (
    <>
      {lines.error !== undefined && <Problem refused={lines.error} />}
      <div
        ref={box}
        class={`long ${isStacked ? 'stacked' : ''}`}
        role="table"
        aria-label={label}
        aria-rowcount={isCounted ? rows + 1 : -1}
        tabIndex={0}
        onScroll={() => setFirst(Math.floor(box.current!.scrollTop / rowHeight))}
      >
        <div class="long-head" role="rowgroup">
          <div class="long-row" role="row" aria-rowindex={1} style={style}>
            {columns.map((column) => (
              <span key={column.head} role="columnheader" class={kindOf(column)}>
                {column.head}
              </span>
            ))}
          </div>
        </div>
        <div class="long-body" role="rowgroup" style={{ height: `${rows * rowHeight}px` }}>
          {Array.from({ length: to - from }, (_, index) => (
            <LongRow
              key={from + index}
              number={from + index}
              row={lines.items[from + index]}
              columns={columns as readonly LongColumn<unknown>[]}
              template={template}
              top={(from + index) * rowHeight}
              language={currentLanguage()}
            />
          ))}
        </div>
      </div>
      <p class={`long-read quiet ${isBehind ? '' : 'unseen'}`} role="status">
        {isCounted
          ? tx('{0} of {1} {1|line|lines} read', count(lines.items.length), count(rows))
          : tx('{0} {0|line|lines} read so far', count(lines.items.length))}
      </p>
    </>
  );
}

/** Returns the classes of a column's cells: how they look, and their position on a narrow screen. */
function kindOf({ isNumber, narrow }: LongColumn<never>): string {
  return `${isNumber === true ? 'number' : ''} ${narrow ?? ''}`.trim();
}

interface LongRowProps {
  readonly number: number;
  /** The row; `undefined` until it is read. */
  readonly row: unknown;
  readonly columns: readonly LongColumn<unknown>[];
  /** The columns' widths; `undefined` if the row has two lines. */
  readonly template: string | undefined;
  /** In pixels. */
  readonly top: number;
  readonly language: string;
}

/** One line. It renders only if its row or position changes, so that scrolling does not render visible lines again. */
class LongRow extends Component<LongRowProps> {
  override shouldComponentUpdate(next: LongRowProps): boolean {
    const { row, template, top, language } = this.props;
    return (
      row !== next.row ||
      template !== next.template ||
      top !== next.top ||
      language !== next.language
    );
  }

  override render({ number, row, columns, template, top }: LongRowProps) {
    const style = {
      ...(template === undefined ? {} : { gridTemplateColumns: template }),
      transform: `translateY(${top}px)`,
    };
    return (
      <div class="long-row" role="row" aria-rowindex={number + 2} style={style}>
        {row === undefined ? (
          <span role="cell" class="quiet">
            {t('Reading…')}
          </span>
        ) : (
          columns.map((column) => (
            <span key={column.head} role="cell" class={kindOf(column)}>
              {column.cell(row)}
            </span>
          ))
        )}
      </div>
    );
  }
}
