import { Skeleton } from "../pieces/Skeleton";

const WIDTHS = [64, 200, 120, 72, 28, 88, 48, 60, 40];

/** Rows as they will stand, without their text. */
export function InboxSkeleton({ columns }: { columns: number }) {
  return Array.from({ length: 8 }, (_, row) => (
    <tr key={row} className="alert-row is-loading" aria-hidden="true">
      {Array.from({ length: columns }, (_, column) => (
        <td key={column}>
          <Skeleton width={WIDTHS[(column + row) % 3 === 0 ? column : Math.max(0, column - 1)] - (row % 3) * 8} />
        </td>
      ))}
    </tr>
  ));
}
