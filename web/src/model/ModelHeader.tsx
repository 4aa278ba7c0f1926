import type { ModelDetail } from "../data/model";
import { counted, exact } from "../format/number";
import { at, day, moment, span, zone } from "../format/time";
import { LevelWord } from "../levels/LevelWord";
import { useChangeSearch } from "../navigation/location";
import { Name } from "../pieces/Name";
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
            <select className="select version-select" aria-label="Version" value={model.version} onChange={(event) => { change({ version: event.target.value === model.versions[0]?.version ? null : event.target.value, end: null }); }}>
              {model.versions.map((version) => (
                <option key={version.version} value={version.version}>{version.version}</option>
              ))}
            </select>{" "}
            <Name name={model.environment} limit={20} />
          </li>
          <li>
            {model.task}, {counted(model.columns.filter((column) => column.role === "FEATURE").length, "feature")}
          </li>
          <li>
            {model.reference ? (
              <>
                Reference <b><Name name={model.reference.label} limit={36} /></b>, {exact(model.reference.rows)} rows
              </>
            ) : (
              "No reference yet"
            )}
          </li>
          <li title={versionRows(model)}>{model.live ? "live" : `newest event ${moment(at(model.now))} ${zone(at(model.now))}`}</li>
        </ul>
      )}
    </header>
  );
}

function lasting(model: ModelDetail): string {
  if (!model.since || model.level === "OK") return "";
  const since = at(model.since);
  return `for ${span(at(model.now) - since)}, since ${day(since)}`;
}

function versionRows(model: ModelDetail): string {
  const version = model.versions.find((each) => each.version === model.version);
  return version ? `${exact(version.rows)} predictions of version ${version.version}` : "";
}
