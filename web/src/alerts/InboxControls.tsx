import { useRef } from "react";

import { useFleetNames } from "../data/fleet";
import { counted, exact } from "../format/number";
import { plainName } from "../format/name";
import { levelWord } from "../levels/level";
import { useChangeSearch } from "../navigation/location";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";
import { Select } from "../pieces/Select";
import { Tabs } from "../pieces/Tabs";
import { useKeys } from "../pieces/useKeys";

import { ALERT_LEVELS, SHELVES, type InboxView, type Shelf } from "./inboxView";
import { KINDS, kindWord } from "./kinds";
import type { Counts } from "./sentence";

type Props = {
  view: InboxView;
  /** How many alerts each shelf holds under the other filters. */
  counts: Counts | undefined;
  shown: number | undefined;
  more: boolean;
  who: string;
};

const WORDS: Record<Shelf, string> = {
  open: "Open",
  firing: "Firing",
  pending: "Pending",
  acknowledged: "Acknowledged",
  silenced: "Silenced",
  resolved: "Resolved",
};

/** Shelves by status with their counts; below them the filters, each in the address. */
export function InboxControls({ view, counts, shown, more, who }: Props) {
  const change = useChangeSearch();
  return (
    <>
      <div className="inbox-shelves">
        <Tabs
          label="Status"
          tabs={SHELVES.map((shelf) => ({ value: shelf, text: WORDS[shelf], ...badge(countOf(shelf, counts)) }))}
          value={view.shelf}
          onChange={(shelf) => {
            change({ status: shelf === "open" ? null : shelf });
          }}
        />
      </div>
      <div className="inbox-controls">
        <WordFilter words={view.words} />
        <Choice
          label="Level"
          name="level"
          value={view.levels.length === 1 ? view.levels[0].toLowerCase() : ""}
          any={view.levels.length > 1 ? "Several levels" : "Every level"}
          choices={ALERT_LEVELS.map((level) => [level.toLowerCase(), levelWord(level)])}
        />
        <Choice
          label="Kind"
          name="kind"
          value={view.kind ?? ""}
          any="Every kind"
          choices={KINDS.map((kind) => [kind, kindWord(kind)])}
        />
        <ModelChoice model={view.model} />
        <Choice
          label="Assigned to"
          name="assigned"
          value={view.assigned ?? ""}
          any="Assigned to anybody"
          choices={[
            ["me", who === "" ? "Assigned to me" : `Assigned to me, ${who}`],
            ["nobody", "Assigned to nobody"],
          ]}
        />
        <Chips view={view} />
        <span className="inbox-count quiet" role="status">
          {shown === undefined ? "" : `${counted(shown, "alert")}${more ? ", more below" : ""}`}
        </span>
      </div>
    </>
  );
}

function badge(count: number | undefined): { badge?: string } {
  return count ? { badge: exact(count) } : {};
}

function countOf(shelf: Shelf, counts: Counts | undefined): number | undefined {
  if (!counts) return undefined;
  return shelf === "open" ? counts.firing + counts.pending + counts.acknowledged + counts.silenced : counts[shelf];
}

function WordFilter({ words }: { words: string }) {
  const input = useRef<HTMLInputElement>(null);
  const change = useChangeSearch();
  useKeys({
    "/": (event) => {
      event.preventDefault();
      input.current?.focus();
    },
  });
  return (
    <label className="field inbox-filter">
      <Icon name="search" />
      <span className="hidden">Filter alerts by title, model, kind or who they are assigned to</span>
      <input
        ref={input}
        type="search"
        placeholder="Filter alerts"
        value={words}
        onChange={(event) => {
          change({ q: event.target.value || null }, { replace: true });
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

type ChoiceProps = {
  label: string;
  name: string;
  value: string;
  any: string;
  choices: readonly (readonly [value: string, text: string])[];
};

/** One filter of the address. A value that is not on the list, from a link, stays visible. */
function Choice({ label, name, value, any, choices }: ChoiceProps) {
  const change = useChangeSearch();
  const foreign = value !== "" && !choices.some(([each]) => each === value);
  return (
    <Select
      aria-label={label}
      className={value === "" ? "" : "is-chosen"}
      value={value}
      onChange={(event) => {
        change({ [name]: event.target.value || null });
      }}
    >
      <option value="">{any}</option>
      {choices.map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
      {foreign && <option value={value}>{plainName(value)}</option>}
    </Select>
  );
}

const MOST = 200;

/** The models that have open alerts, by name; the words find every other one. */
function ModelChoice({ model }: { model: string | null }) {
  const models = useFleetNames().data?.models;
  const names = [...new Set(models?.filter((each) => each.openAlerts > 0).map((each) => each.id))].sort();
  return (
    <Choice
      label="Model"
      name="model"
      value={model ?? ""}
      any="Every model"
      choices={names.slice(0, MOST).map((name) => [name, plainName(name)])}
    />
  );
}

/** Filters that only links set: a group of alerts that were told together, several levels, an environment. */
function Chips({ view }: { view: InboxView }) {
  const change = useChangeSearch();
  const chips = [
    { name: "group", text: "Told together in group", value: view.group },
    { name: "env", text: "Environment", value: view.environment },
    {
      name: "level",
      text: "Level",
      value: view.levels.length > 1 ? view.levels.map((each) => levelWord(each).toLowerCase()).join(" or ") : null,
    },
  ].filter((each): each is { name: string; text: string; value: string } => each.value !== null);
  return chips.map(({ name, text, value }) => (
    <button
      key={name}
      type="button"
      className="chip"
      aria-label={`Remove the filter ${text.toLowerCase()} ${plainName(value)}`}
      onClick={() => {
        change({ [name]: null });
      }}
    >
      {text}{" "}
      <b>
        <Name name={value} limit={24} />
      </b>{" "}
      <Icon name="close" size={12} />
    </button>
  ));
}
