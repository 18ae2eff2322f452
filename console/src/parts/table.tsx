import type { ComponentChildren } from 'preact';

/** A column: its heading, its cells, and whether they are numbers (aligned by their digits). */
export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Whether the column is left out on a narrow screen. */
  readonly isMinor?: boolean;
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, index: number) => string;
  readonly foot?: readonly ComponentChildren[];
  /** On a narrow screen, makes each row a block with a line per cell, so that nothing is out of sight. */
  readonly stacks?: boolean;
}

/** A table of a few rows; the first cell names the row. On a narrow screen it scrolls inside its box. */
export function Table<Row>({ label, columns, rows, keyOf, foot, stacks }: TableProps<Row>) {
  const kind = (column: Column<Row>) =>
    `${column.isNumber === true ? 'number' : ''} ${column.isMinor === true ? 'minor' : ''}`.trim();
  // Explicit roles: browsers do not expose a table as one once CSS no longer displays it as a table.
  const role = (name: 'table' | 'rowgroup' | 'row' | 'columnheader' | 'rowheader' | 'cell') =>
    stacks === true ? { role: name } : {};
  return (
    <div
      class={`table-box ${stacks === true ? 'stacks' : ''}`}
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <table {...role('table')}>
        <thead {...role('rowgroup')}>
          <tr {...role('row')}>
            {columns.map((column) => (
              <th key={column.head} scope="col" class={kind(column)} {...role('columnheader')}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...role('rowgroup')}>
          {rows.map((row, number) => (
            <tr key={keyOf(row, number)} {...role('row')}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th
                    key={column.head}
                    scope="row"
                    class={kind(column)}
                    data-head={column.head}
                    {...role('rowheader')}
                  >
                    {column.cell(row)}
                  </th>
                ) : (
                  <td
                    key={column.head}
                    class={kind(column)}
                    data-head={column.head}
                    {...role('cell')}
                  >
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {foot !== undefined && (
          <tfoot>
            <tr>
              {foot.map((cell, index) => (
                <td key={index} class={columns[index] === undefined ? '' : kind(columns[index])}>
                  {cell}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
