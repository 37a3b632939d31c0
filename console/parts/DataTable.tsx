/** A table of rows; on a narrow screen each row is a card. `j` and `k` go through its rows, Enter opens one. */
import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type Column as TableColumn,
  type ColumnDef,
} from "@tanstack/react-table";
import { useMemo, useRef, type ReactElement, type ReactNode } from "react";
import classes from "./DataTable.module.css";
import { Icon } from "./icons";
import { useRowKeys } from "./useRowKeys";

export interface Column<Row> {
  /** Shown above the column, and before the value in a card. */
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** What rows are sorted by once the header is pressed. Only for tables that hold all rows, not a page of them. */
  readonly sort?: (row: Row) => string | number | undefined;
  readonly isNumber?: boolean;
  /** Takes the width that is left, and is cut if that is too little. */
  readonly isWide?: boolean;
  /** Stands in the head of a card, without its header. */
  readonly isState?: boolean;
}

interface Opening<Row> {
  /** Opens a row, by its first cell. */
  readonly open?: (row: Row) => void;
  readonly isOpen?: (row: Row) => boolean;
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

const definitions = <Row extends object>(columns: readonly Column<Row>[]) =>
  columns.map(({ header, sort }): ColumnDef<typeof features, Row> => ({
    id: header,
    header,
    accessorFn: (row) => sort?.(row),
    enableSorting: sort !== undefined,
    sortUndefined: "last",
    sortDescFirst: true,
  }));

const ARIA_SORT = { asc: "ascending", desc: "descending" } as const;

const Head = <Row extends object>({
  column,
  isNumber,
}: {
  readonly column: TableColumn<typeof features, Row>;
  readonly isNumber: boolean | undefined;
}): ReactElement => {
  const sorted = column.getIsSorted();
  return (
    <th
      role="columnheader"
      scope="col"
      data-number={isNumber}
      {...(sorted !== false && { "aria-sort": ARIA_SORT[sorted] })}
    >
      {column.getCanSort() ? (
        <button type="button" className={classes.sort} onClick={column.getToggleSortingHandler()}>
          {column.id}
          {sorted !== false && <Icon name={sorted === "asc" ? "up" : "down"} size={12} />}
        </button>
      ) : (
        column.id
      )}
    </th>
  );
};

const isControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest("a, button, input, label") !== null;

const Line = <Row extends object>({
  row,
  columns,
  open,
  isOpen,
}: Opening<Row> & {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
}): ReactElement => (
  <tr
    role="row"
    className={classes.row}
    data-open={isOpen?.(row)}
    data-opens={open !== undefined}
    onClick={({ target }) => {
      if (!isControl(target)) open?.(row);
    }}
  >
    {columns.map(({ header, cell, isNumber, isWide, isState }, at) => (
      <td
        key={header}
        role="cell"
        data-label={header}
        data-number={isNumber}
        data-wide={isWide}
        data-state={isState}
      >
        {at === 0 && open !== undefined ? (
          <button
            type="button"
            className={classes.open}
            data-row
            onClick={() => {
              open(row);
            }}
          >
            {cell(row)}
          </button>
        ) : (
          cell(row)
        )}
      </td>
    ))}
  </tr>
);

export const DataTable = <Row extends object>({
  label,
  columns,
  rows,
  rowKey,
  ...opening
}: Opening<Row> & {
  /** What the table is, for those who cannot see it. */
  readonly label: string;
  /** Keep them outside the component, or in a memo. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
}): ReactElement => {
  const table = useTable({
    features,
    columns: useMemo(() => definitions(columns), [columns]),
    data: rows,
    getRowId: rowKey,
  });
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body);
  return (
    <div className={classes.scroll}>
      {/* The roles are said because a table laid out as cards is none to a screen reader. */}
      <table className={classes.table} role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {table.getFlatHeaders().map(({ id, column }, at) => (
              <Head key={id} column={column} isNumber={columns[at]?.isNumber} />
            ))}
          </tr>
        </thead>
        <tbody ref={body} role="rowgroup">
          {table.getRowModel().rows.map(({ id, original }) => (
            <Line key={id} row={original} columns={columns} {...opening} />
          ))}
        </tbody>
      </table>
    </div>
  );
};
