import { useMemo, useRef } from "react";

import { usualStep } from "../charts/heatCanvas";
import { areaBetween, linePath } from "../charts/laneGeometry";
import { linear, type Scale } from "../charts/scale";
import { DataTable } from "../charts/DataTable";
import { useGroupLines, type Attribute, type GroupLine } from "../data/fairness";
import type { Bounds, ModelKey } from "../data/model";
import { plainName } from "../format/name";
import { exact, measured, NOTHING, percent, statistic } from "../format/number";
import { at, dayOnly, moment } from "../format/time";
import { isRaised, levelWord } from "../levels/level";
import { LevelMark } from "../levels/LevelMark";
import { useChangeSearch, useSearch } from "../navigation/location";
import { FailedLine } from "../pieces/Failed";
import { Name } from "../pieces/Name";
import { Select } from "../pieces/Select";
import { Skeleton } from "../pieces/Skeleton";
import { useSize } from "../pieces/useSize";

import { FIGURES, isSmall, RATIO, shortLabel } from "./words";

type Props = { attribute: Attribute; modelKey: ModelKey; bounds: Bounds };

const MOST = 8;
const HEIGHT = 72;
const GAP = 24;
const NARROWEST = 216;

/** One figure of each group over time, every group in a small chart of its own with the reference group behind it. */
export function OverTime({ attribute, modelKey, bounds }: Props) {
  const search = useSearch();
  const change = useChangeSearch();
  const choices = choicesOf(attribute);
  const asked = search.get("figure");
  const figure = choices.find((each) => each.value === asked) ?? choices[0];
  const question = useGroupLines(modelKey, bounds, attribute.key, figure.value);
  const answer = question.data?.model?.fairness;
  const lines = answer?.attributes[0]?.lines;
  return (
    <div className="group-time">
      <div className="group-time-head">
        <h3>Over time</h3>
        <Select
          aria-label={`Figure over time, by ${plainName(attribute.name)}`}
          value={figure.value}
          onChange={(event) => {
            change({ figure: event.target.value === choices[0].value ? null : event.target.value });
          }}
        >
          {choices.map((each) => (
            <option key={each.value} value={each.value}>
              {each.text}
            </option>
          ))}
        </Select>
        <Keys
          ratio={figure.value === RATIO}
          labelled={figure.labelled}
          against={attribute.against ?? ""}
          name={attribute.name}
        />
      </div>
      <FailedLine what="The course of time" question={question} />
      {!answer || !lines ? (
        question.isError ? (
          <p className="quiet">The course of time could not be read.</p>
        ) : (
          <Skeleton width={560} height={HEIGHT} />
        )
      ) : (
        <Multiples lines={lines} attribute={attribute} figure={figure} windows={answer.windows} />
      )}
    </div>
  );
}

type Choice = { value: string; text: string; share: boolean; labelled: boolean };

function choicesOf(attribute: Attribute): Choice[] {
  const known = FIGURES.filter((figure) =>
    attribute.groups.some((group) => group.figures.some((each) => each.figure === figure.value)),
  ).map((each) => ({ ...each, labelled: each.value !== "selection_rate" && each.value !== "mean_prediction" }));
  const ratio = attribute.disparities.some((each) => each.metric === RATIO)
    ? [{ value: RATIO, text: "Ratio of selection rates", share: false, labelled: false }]
    : [];
  const all = [...known.slice(0, 1), ...ratio, ...known.slice(1)];
  return all.length > 0 ? all : [{ value: "selection_rate", text: "Selection rate", share: true, labelled: false }];
}

function Keys({
  ratio,
  labelled,
  against,
  name,
}: {
  ratio: boolean;
  labelled: boolean;
  against: string;
  name: string;
}) {
  return (
    <span className="legend">
      <span>
        <svg width="14" height="11" aria-hidden="true">
          <rect width="14" height="11" className="window-shape" />
          <path d="M0 5.5H14" className="window-line" />
        </svg>
        group, 95{"\u2009"}% interval
      </span>
      {ratio ? (
        <span>
          <svg width="14" height="11" aria-hidden="true">
            <path d="M0 3.5H14" stroke="var(--warning)" strokeDasharray="4 2" strokeWidth="1.5" />
            <path d="M0 8.5H14" stroke="var(--critical)" strokeDasharray="4 2" strokeWidth="1.5" />
          </svg>
          warning, critical
        </span>
      ) : (
        <span>
          <svg width="14" height="11" aria-hidden="true">
            <path d="M0 5.5H14" className="reference-line" />
          </svg>
          <Name name={shortLabel(against, name)} limit={24} />
        </span>
      )}
      {labelled && (
        <span>
          <svg width="11" height="11" aria-hidden="true">
            <rect width="11" height="11" className="young-shape" />
          </svg>
          labels still come
        </span>
      )}
    </span>
  );
}

type MultiplesProps = {
  lines: readonly GroupLine[];
  attribute: Attribute;
  figure: Choice;
  windows: readonly { end: string; mature: boolean }[];
};

function Multiples({ lines, attribute, figure, windows }: MultiplesProps) {
  const grid = useRef<HTMLDivElement>(null);
  const { width: whole } = useSize(grid, { width: 720, height: 200 });
  const columns = Math.max(1, Math.min(4, Math.floor((whole + GAP) / (NARROWEST + GAP))));
  const width = Math.floor((whole - (columns - 1) * GAP) / columns);
  const times = useMemo(() => windows.map((each) => at(each.end)), [windows]);
  const reference = attribute.groups.find((each) => each.isReference)?.key;
  const behind = lines.find((each) => each.groupKey === reference);
  const own = lines.filter((each) => each !== behind);
  const shown = own.slice(0, own.length > MOST ? MOST - 1 : MOST);
  const others = own.slice(shown.length);
  const x = useMemo(() => linear(times[0] ?? 0, times.at(-1) ?? 1, 1, width - 4), [times, width]);
  const xs = useMemo(() => times.map(x), [times, x]);
  const small = new Set(attribute.groups.filter((each) => isSmall(each, attribute)).map((each) => each.key));
  const judged = lines.filter((each) => !small.has(each.groupKey));
  const { y, high, low } = scaleOf(judged.length > 1 ? judged : lines, figure);
  const widest = x(usualStep(times) * 1.7) - x(0);
  const young = figure.labelled ? windows.findLastIndex((each) => each.mature) : windows.length - 1;
  const write = (value: number | null | undefined) =>
    figure.value === RATIO ? statistic(value) : figure.share ? percent(value) : measured(value);
  if (times.length === 0) return <p className="quiet">No window in this stretch of time.</p>;
  const rules = attribute.disparities.find((each) => each.metric === RATIO);
  const panel = {
    xs,
    y,
    width,
    widest,
    young,
    behind,
    figure,
    times,
    ends: [write(low), write(high).replace(/\.0+(?=\D|$)/, "")] as const,
  };
  return (
    <>
      <div className="multiples" ref={grid}>
        {shown.map((line) => (
          <figure key={line.groupKey} className="multiple">
            <figcaption>
              <Name name={shortLabel(line.group, attribute.name)} limit={24} />
              <Newest line={line} write={write} />
            </figcaption>
            <Panel
              {...panel}
              lines={[line]}
              rules={figure.value === RATIO && rules ? [rules.thresholdWarning, rules.thresholdCritical] : []}
              label={`${figure.text} of ${plainName(line.group)} over time, ${write(line.values.findLast((each) => each !== null))} in the newest window`}
            />
          </figure>
        ))}
        {others.length > 0 && (
          <figure className="multiple">
            <figcaption title={others.map((each) => plainName(each.group)).join(", ")}>
              <span className="quiet">{exact(others.length)} others</span>
            </figcaption>
            <Panel
              {...panel}
              lines={others}
              rules={[]}
              label={`${figure.text} of ${exact(others.length)} other groups over time`}
            />
          </figure>
        )}
      </div>
      <DataTable
        label={`${figure.text} by ${plainName(attribute.name)} over time`}
        heads={["Window to", ...lines.map((line) => plainName(shortLabel(line.group, attribute.name)))]}
        rows={() => times.map((time, index) => [moment(time), ...lines.map((line) => write(line.values[index]))])}
      />
    </>
  );
}

function Newest({ line, write }: { line: GroupLine; write: (value: number | null | undefined) => string }) {
  const last = line.values.findLastIndex((each) => each !== null);
  const level = line.levels[last] ?? null;
  return (
    <span className="multiple-now">
      {level && level !== "OK" && <LevelMark level={level} named />}
      <b>{last < 0 ? NOTHING : write(line.values[last])}</b>
    </span>
  );
}

/** All panels share one scale, so that groups can be compared by eye; rates begin at zero. */
function scaleOf(lines: readonly GroupLine[], figure: Choice): { y: Scale; low: number; high: number } {
  const values = lines.flatMap((line) => line.values).filter((each): each is number => each !== null);
  if (values.length === 0) return { y: linear(0, 1, HEIGHT - 1, 16), low: 0, high: 1 };
  const most = Math.max(...values, figure.share ? 0.05 : -Infinity);
  const high = figure.value === RATIO ? 1 : figure.share ? Math.min(1, Math.ceil(most * 11) / 10) : most;
  const low = figure.value === RATIO || figure.share ? 0 : Math.min(...values);
  return { y: linear(low, high, HEIGHT - 1, 16), low, high };
}

type PanelProps = {
  lines: readonly GroupLine[];
  behind: GroupLine | undefined;
  xs: readonly number[];
  y: Scale;
  width: number;
  widest: number;
  /** The place of the newest window whose labels have come. */ young: number;
  rules: readonly number[];
  figure: Choice;
  times: readonly number[];
  ends: readonly [string, string];
  label: string;
};

function Panel({ lines, behind, xs, y, width, widest, young, rules, figure, times, ends, label }: PanelProps) {
  const single = lines.length === 1;
  const cut = (value: number) => Math.min(HEIGHT - 1, Math.max(0, y(value)));
  const from = young < 0 ? 0 : xs[young];
  const last = single ? lines[0].values.findLastIndex((each) => each !== null) : -1;
  return (
    <svg width={width} height={HEIGHT + 16} role="img" aria-label={label}>
      {young < xs.length - 1 && <rect className="young-shape" x={from} width={width - from} height={HEIGHT} />}
      {single && <path className="window-shape" d={areaBetween(xs, lines[0].lows, lines[0].highs, cut, widest)} />}
      {behind && <path className="reference-line" d={linePath(xs, behind.values, cut, widest)} />}
      {rules.map((rule, index) => (
        <path
          key={rule}
          d={`M0 ${(Math.round(y(rule)) + 0.5).toString()}H${String(width)}`}
          stroke={index === 0 ? "var(--warning)" : "var(--critical)"}
          strokeDasharray="4 3"
        />
      ))}
      {lines.map((line) => (
        <path
          key={line.groupKey}
          className={single ? "window-line" : "other-line"}
          d={linePath(xs, line.values, cut, widest)}
        />
      ))}
      {last >= 0 && <circle className="lane-point" cx={xs[last]} cy={cut(lines[0].values[last] ?? 0)} r="3" />}
      {single && <Stretches line={lines[0]} xs={xs} />}
      <path d={`M0 ${(HEIGHT - 0.5).toString()}H${String(width)}`} stroke="var(--line-strong)" />
      <text className="axis-text halo" x="0" y="11">
        {ends[1]}
      </text>
      <text className="axis-text" x="0" y={HEIGHT + 13}>
        {dayOnly(times[0])}
        {figure.share || figure.value === RATIO ? "" : ` (${ends[0]} at the foot)`}
      </text>
      <text className="axis-text" x={width - 4} y={HEIGHT + 13} textAnchor="end">
        {dayOnly(times[times.length - 1])}
      </text>
    </svg>
  );
}

/** Where the rule was broken: a bar on the foot line, high for critical, low for warning. */
function Stretches({ line, xs }: { line: GroupLine; xs: readonly number[] }) {
  const half = xs.length > 1 ? (xs[1] - xs[0]) / 2 : 3;
  return (
    <>
      {line.levels.map((level, index) =>
        level !== null && isRaised(level) ? (
          <rect
            key={index}
            x={Math.max(0, xs[index] - half)}
            width={Math.max(1, half * 2 - 0.5)}
            y={HEIGHT - (level === "CRITICAL" ? 6 : 3)}
            height={level === "CRITICAL" ? 6 : 3}
            fill={level === "CRITICAL" ? "var(--critical)" : "var(--warning)"}
          >
            <title>{levelWord(level)}</title>
          </rect>
        ) : null,
      )}
    </>
  );
}
