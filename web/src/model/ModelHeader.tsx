import type { ModelDetail } from "../data/model";
import { counted, exact } from "../format/number";
import { at, day, span } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { useChangeSearch } from "../navigation/location";
import { Name } from "../pieces/Name";
import { Select } from "../pieces/Select";
import { Skeleton } from "../pieces/Skeleton";

/** Name, state and for how long; version, task, reference and rows. */
export function ModelHeader({ id, model }: { id: string; model: ModelDetail | null | undefined }) {
  const change = useChangeSearch();
  return (
    <header className="model-header">
      <h1>
        <Name name={id} limit={44} />
      </h1>
      {model ? <LevelWord level={model.level} /> : <Skeleton width={72} />}
      {model && <span className="quiet">{lasting(model)}</span>}
      {model && (
        <ul className="facts">
          <li>
            <Select
              className="version-select"
              title={versionRows(model)}
              aria-label="Version"
              value={model.version}
              onChange={(event) => {
                change({
                  version: event.target.value === model.versions[0]?.version ? null : event.target.value,
                  end: null,
                });
              }}
            >
              {model.versions.map((version) => (
                <option key={version.version} value={version.version}>
                  {version.version}
                </option>
              ))}
            </Select>{" "}
            <Name name={model.environment} limit={20} />
          </li>
          <li>
            {model.task}, {counted(model.columns.filter((column) => column.role === "FEATURE").length, "feature")}
          </li>
          <li>
            {model.reference ? (
              <>
                Reference{" "}
                <b>
                  <Name name={model.reference.label} limit={36} />
                </b>
                , {exact(model.reference.rows)} rows
              </>
            ) : (
              "No reference yet"
            )}
          </li>
        </ul>
      )}
    </header>
  );
}

function lasting(model: ModelDetail): string {
  if (!model.since || model.level === "OK") return "";
  const since = at(model.since);
  const long = at(model.now) - since;
  return long > 0 ? `for ${span(long)}` : `since ${day(since)}`;
}

function versionRows(model: ModelDetail): string {
  const version = model.versions.find((each) => each.version === model.version);
  return version ? `${exact(version.rows)} predictions of version ${version.version}` : "";
}
