import { useEffect, useRef, useState } from 'preact/hooks';

import type { Lines } from '../api/use-lines';
import { count } from '../format';
import { Empty, Problem } from './state';
import type { Column } from './table';
import { t, tx } from '../i18n/language';

interface LongTableProps<Row> {
  readonly label: string;
  readonly columns: readonly (Column<Row> & { readonly width: string })[];
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
  const rows = lines.isWhole ? lines.items.length : Math.max(total ?? 0, lines.items.length);
  const seen = Math.ceil((box.current?.clientHeight ?? 600) / ROW);
  const from = Math.max(0, first - AROUND);
  const to = Math.min(rows, first + seen + AROUND);

  useEffect(() => {
    if (!lines.isWhole && to > 0) lines.upTo(to);
  }, [to, lines.isWhole, lines.items.length]);

  if (lines.error !== undefined) return <Problem refused={lines.error} />;
  if (lines.isWhole && rows === 0) return <Empty>{empty}</Empty>;
  const template = columns.map(({ width }) => width).join(' ');
  const style = { gridTemplateColumns: template };
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
          {Array.from({ length: to - from }, (_, index) => {
            const number = from + index;
            const row = lines.items[number];
            return (
              <div
                key={number}
                class="long-row"
                role="row"
                aria-rowindex={number + 2}
                style={{ ...style, transform: `translateY(${number * ROW}px)` }}
              >
                {row === undefined ? (
                  <span role="cell" class="quiet">
                    {t('Reading…')}
                  </span>
                ) : (
                  columns.map((column) => (
                    <span
                      key={column.head}
                      role="cell"
                      class={column.isNumber === true ? 'number' : ''}
                    >
                      {column.cell(row)}
                    </span>
                  ))
                )}
              </div>
            );
          })}
        </div>
      </div>
      <p class="unseen" role="status">
        {tx('{0} of {1} lines read', count(lines.items.length), count(rows))}
      </p>
    </>
  );
}
