import { useMemo } from "react";

import { Whisker, WHISKER, type Axis } from "../charts/Whisker";
import type { Attribute, Disparity, Group } from "../data/fairness";
import { plainName } from "../format/name";
import { compact, exact, measured, NOTHING, percentDigits, statistic } from "../format/number";
import type { Level } from "../graphql/graphql";
import { levelClass, levelWord } from "../levels/level";
import { LevelMark } from "../levels/LevelMark";
import { Name } from "../pieces/Name";

import { axisOf, FIGURES, isSmall, levelOf, RATIO, shortLabel } from "./words";

type Figure = (typeof FIGURES)[number];

/** One row per group, each figure with its interval on the scale of its column; the reference group first. */
export function GroupTable({ attribute }: { attribute: Attribute }) {
  const { groups, disparities } = attribute;
  const shown = FIGURES.filter((figure) =>
    groups.some((group) => group.figures.some((each) => each.figure === figure.value)),
  );
  const ratios = disparities.filter((each) => each.metric === RATIO);
  const axes = useMemo(() => {
    const few = (group: Group) => isSmall(group, attribute);
    return new Map(FIGURES.map((figure) => [figure.value, axisOf(groups, figure.value, figure.share, few)]));
  }, [groups, attribute]);
  const axis = (figure: Figure): Axis => axes.get(figure.value) ?? { low: 0, high: 1 };
  const head = (figure: Figure) => (
    <th key={figure.value} scope="col" title={figure.help}>
      <Head
        text={figure.share ? `${figure.text}, %` : figure.text}
        marks={[axis(figure).low, axis(figure).high].map((at) => ({ at, text: round(figure, at) }))}
        axis={axis(figure)}
      />
    </th>
  );
  const cell = (group: Group) => (figure: Figure) => (
    <FigureCell key={figure.value} attribute={attribute} group={group} figure={figure} axis={axis(figure)} />
  );
  const [before, after] = [shown.filter(isSelection), shown.filter((figure) => !isSelection(figure))];
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must take the keyboard
    <div className="group-scroll" tabIndex={0} role="region" aria-label={`Groups of ${plainName(attribute.name)}`}>
      <table className={attribute.crossed ? "group-table is-crossed" : "group-table"}>
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col" className="number">
              Rows
            </th>
            {before.map(head)}
            {ratios.length > 0 && (
              <th scope="col" title="the smaller selection rate over the larger">
                <Head
                  text="Ratio to reference"
                  marks={[0, ratios[0].thresholdCritical, ratios[0].thresholdWarning, 1].map((at) => ({
                    at,
                    text: at === 0 || at === 1 ? String(at) : statistic(at).replace(/^0/, "").replace(/0$/, ""),
                  }))}
                  axis={{ low: 0, high: 1 }}
                />
              </th>
            )}
            {after.map(head)}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.key} className={isSmall(group, attribute) ? "is-few" : ""}>
              <th scope="row">
                <GroupName group={group} attribute={attribute} />
              </th>
              <td className="number group-rows" data-label="Rows" title={group.rows === null ? "" : exact(group.rows)}>
                {group.rows === null ? NOTHING : compact(group.rows)}
              </td>
              {before.map(cell(group))}
              {ratios.length > 0 && (
                <RatioCell group={group} ratio={ratios.find((each) => each.groupKey === group.key)} />
              )}
              {after.map(cell(group))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ text, marks, axis }: { text: string; marks: { at: number; text: string }[]; axis: Axis }) {
  const x = (at: number) => 4 + ((at - axis.low) / (axis.high - axis.low || 1)) * (WHISKER - 8);
  return (
    <>
      <span className="group-head">{text}</span>
      <svg className="group-axis" width={WHISKER} height="14" aria-hidden="true">
        {marks.map((mark) => (
          <text
            key={mark.at}
            className="axis-text"
            x={mark.at === axis.low ? 0 : mark.at === axis.high ? WHISKER : x(mark.at)}
            y="11"
            textAnchor={mark.at === axis.low ? "start" : mark.at === axis.high ? "end" : "middle"}
          >
            {mark.text}
          </text>
        ))}
      </svg>
    </>
  );
}

function GroupName({ group, attribute }: { group: Group; attribute: Attribute }) {
  return (
    <>
      <span className="group-name">
        {group.isReference ? <span className="level-mark" /> : group.level && <LevelMark level={group.level} />}
        <Name name={shortLabel(group.label, attribute.name)} limit={attribute.crossed ? 60 : 22} />
      </span>
      <span className={`group-word small ${group.isReference || !group.level ? "quiet" : levelClass(group.level)}`}>
        {wordOf(group, attribute)}
      </span>
    </>
  );
}

function wordOf(group: Group, attribute: Attribute): string {
  if (group.isReference) return "Reference group";
  if (group.level === null) return "Not judged";
  return group.level === "INSUFFICIENT_DATA" && !isSmall(group, attribute)
    ? "Too few rows in part"
    : levelWord(group.level);
}

type CellProps = { attribute: Attribute; group: Group; figure: Figure; axis: Axis };

function FigureCell({ attribute, group, figure, axis }: CellProps) {
  const mine = group.figures.find((each) => each.figure === figure.value);
  const theirs = attribute.groups
    .find((each) => each.isReference)
    ?.figures.find((each) => each.figure === figure.value);
  const level = group.isReference ? null : levelOf(attribute.disparities, group.key, figure.value);
  if (!mine || mine.value === null) {
    return (
      <td className="is-none" data-label={figure.text}>
        <span className="group-cell">
          <span className="group-number quiet">{NOTHING}</span>
        </span>
      </td>
    );
  }
  const ends =
    mine.low === null || mine.high === null ? "" : `[${write(figure, mine.low)}, ${write(figure, mine.high)}]`;
  return (
    <td data-label={figure.text} title={`${write(figure, mine.value)} ${ends}, ${exact(mine.rows)} rows`}>
      <Cell level={level} text={write(figure, mine.value)} said={ends}>
        <Whisker
          value={mine.value}
          low={mine.low}
          high={mine.high}
          axis={axis}
          against={theirs?.value ?? null}
          tone={toneOf(level)}
          hollow={group.isReference}
        />
      </Cell>
    </td>
  );
}

function RatioCell({ group, ratio }: { group: Group; ratio: Disparity | undefined }) {
  if (!ratio || ratio.value === null) {
    return (
      <td className="is-none" data-label="Ratio to reference">
        <span className="group-cell">
          <span className="group-number quiet">{group.isReference ? "1" : NOTHING}</span>
        </span>
      </td>
    );
  }
  const ends = ratio.low === null || ratio.high === null ? "" : `[${statistic(ratio.low)}, ${statistic(ratio.high)}]`;
  return (
    <td data-label="Ratio to reference" title={`${statistic(ratio.value)} ${ends}`}>
      <Cell level={ratio.level} text={statistic(ratio.value)} said={ends}>
        <Whisker
          value={ratio.value}
          low={ratio.low}
          high={ratio.high}
          axis={{ low: 0, high: 1 }}
          rules={[
            { at: ratio.thresholdWarning, kind: "warning" },
            { at: ratio.thresholdCritical, kind: "critical" },
          ]}
          tone={toneOf(ratio.level)}
        />
      </Cell>
    </td>
  );
}

/** The ratio stands beside the rates that it is of. */
function isSelection(figure: Figure): boolean {
  return figure.value === "selection_rate";
}

/** Colours only for what is certain and large; a small group stays grey, whatever its figure. */
function toneOf(level: Level | null): string {
  if (level === "CRITICAL" || level === "WARNING") return levelClass(level);
  return level === "INSUFFICIENT_DATA" ? "is-few" : "";
}

type Inside = { level: Level | null; text: string; said: string; children: React.ReactNode };

function Cell({ level, text, said, children }: Inside) {
  const marked = level !== null && level !== "OK";
  return (
    <span className="group-cell">
      <span className={`group-number ${marked ? levelClass(level) : ""}`}>
        {marked && <LevelMark level={level} named />}
        <b>{text}</b>
        <span className="hidden">
          {" "}
          95{"\u2009"}% interval {said}
        </span>
      </span>
      {children}
    </span>
  );
}

function write(figure: Figure, value: number): string {
  return figure.share ? percentDigits(value) : measured(value);
}

/** The end of an axis, without digits that say nothing. */
function round(figure: Figure, value: number): string {
  return figure.share ? String(Number((value * 100).toFixed(1))) : measured(value);
}
