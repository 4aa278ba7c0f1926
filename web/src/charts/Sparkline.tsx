import "./sparkline.css";

type Props = {
  values: readonly (number | null)[];
  high: number;
  tone?: string;
  area?: boolean;
  width?: number;
  height?: number;
};

/** A fixed range from 0 to `high`, never zoomed to noise; gaps are gaps; the last point is marked. */
export function Sparkline({ values, high, tone = "", area = false, width = 48, height = 16 }: Props) {
  const step = (width - 3) / Math.max(1, values.length - 1);
  const y = (value: number) => height - 1.5 - Math.min(1, Math.max(0, value / (high || 1))) * (height - 3.5);
  let line = "";
  let pen = false;
  values.forEach((value, index) => {
    if (value === null) pen = false;
    else {
      line += `${pen ? "L" : "M"}${(index * step + 1).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = true;
    }
  });
  const last = values.at(-1);
  return (
    <svg
      className={`sparkline ${tone}`}
      width={width}
      height={height}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      aria-hidden="true"
    >
      {area && line && (
        <path
          className="sparkline-area"
          d={`${line}L${(width - 2).toFixed(1)} ${String(height)}L1 ${String(height)}Z`}
        />
      )}
      <path className="sparkline-line" d={line} />
      {!area && last !== null && last !== undefined && (
        <circle className="sparkline-point" cx={width - 2} cy={y(last)} r="1.75" />
      )}
    </svg>
  );
}
