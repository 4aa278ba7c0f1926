import type { Segments } from "../data/segments";
import { levelWord } from "../levels/level";
import { useChangeSearch } from "../navigation/location";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";
import { Select } from "../pieces/Select";

/** Which segment the page is about; the whole unless chosen. Nothing where the model is not cut. */
export function SegmentPicker({ segments, value }: { segments: Segments | undefined; value: string }) {
  const change = useChangeSearch();
  const known = segments?.segments ?? [];
  if (known.length === 0 && value === "") return null;
  const chosen = known.find((each) => each.label === value || each.key === value);
  return (
    <Select
      aria-label="Segment"
      className={value === "" ? "" : "is-chosen"}
      value={chosen?.key ?? value}
      onChange={(event) => {
        const next = known.find((each) => each.key === event.target.value);
        change({ segment: next ? addressOf(next, known) : null, end: null });
      }}
    >
      <option value="">All segments</option>
      {value !== "" && !chosen && <option value={value}>{value}</option>}
      {known.map((each) => (
        <option key={each.key} value={each.key}>
          {each.label}
          {each.level === "OK" ? "" : `, ${levelWord(each.level).toLowerCase()}`}
        </option>
      ))}
    </Select>
  );
}

/** How a segment stands in the address: as people write it, or by its key where two are written alike. */
export function addressOf(
  segment: { label: string; key: string },
  all: readonly { label: string; key: string }[],
): string {
  return all.filter((each) => each.label === segment.label).length > 1 ? segment.key : segment.label;
}

/** That the page shows one segment only, and the way back to all. */
export function SegmentBar({ segment }: { segment: string }) {
  const change = useChangeSearch();
  return (
    <p className="segment-bar">
      <button
        type="button"
        className="chip"
        aria-label={`Leave the segment ${segment}`}
        onClick={() => {
          change({ segment: null });
        }}
      >
        Segment{" "}
        <b>
          <Name name={segment} limit={40} />
        </b>{" "}
        <Icon name="close" size={12} />
      </button>
      <span className="quiet small">Only its rows, against its own part of the reference.</span>
    </p>
  );
}
