import { useState, type ReactNode } from "react";

type Props = { label: string; heads: string[]; rows: () => ReactNode[][]; /** What opens it. */ open?: string };

/** The chart's data as a table, made when somebody opens it. */
export function DataTable({ label, heads, rows, open: word = "As a table" }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="as-table"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        {word}
        <span className="hidden">: {label}</span>
      </summary>
      {open && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must take the keyboard
        <div className="as-table-scroll" tabIndex={0} role="region" aria-label={label}>
          <table>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map((row, index) => (
                <tr key={index}>
                  {row.map((cell, place) => (
                    <td key={place}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
