import type { Lines } from '../api/use-lines';
import { Empty, Problem } from './state';
import { Table, type Column } from './table';
import { t } from '../i18n/language';

interface MoreTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly lines: Lines<Row>;
  readonly keyOf: (row: Row, index: number) => string;
  readonly empty: string;
  readonly stacks?: boolean;
}

const MORE = 50;

/** A list with a button that reads more. Its rows may have any height. */
export function MoreTable<Row>({
  label,
  columns,
  lines,
  keyOf,
  empty,
  stacks = false,
}: MoreTableProps<Row>) {
  const { items, isWhole, error, upTo } = lines;
  if (error !== undefined && items.length === 0) return <Problem refused={error} />;
  if (isWhole && items.length === 0) return <Empty>{empty}</Empty>;
  return (
    <>
      {error !== undefined && <Problem refused={error} />}
      <Table label={label} rows={items} keyOf={keyOf} columns={columns} stacks={stacks} />
      {!isWhole && (
        <p class="panel-body">
          <button class="button small" type="button" onClick={() => upTo(items.length + MORE)}>
            {t('Show more')}
          </button>
        </p>
      )}
    </>
  );
}
