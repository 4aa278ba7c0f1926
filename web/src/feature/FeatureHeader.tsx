import { nearest } from "../charts/scale";
import type { ColumnDetail } from "../data/column";
import type { ModelDetail } from "../data/model";
import { at, moment, span } from "../format/time";
import type { ColumnRole } from "../graphql/graphql";
import { levelWord } from "../levels/level";
import { LevelWord } from "../levels/LevelWord";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";
import { Skeleton } from "../pieces/Skeleton";

type Neighbour = ColumnDetail["previous"];
type Props = {
  name: string;
  role: ColumnRole;
  column: ColumnDetail | undefined;
  model: ModelDetail | undefined;
  end: string | null;
  onGo: (to: Neighbour) => void;
};

/** The feature's name, its state and since when; what it is; and the way to its neighbours. */
export function FeatureHeader({ name, role, column, model, end, onGo }: Props) {
  const pinned = end && column ? nearest(column.history.times.map(at), at(end)) : -1;
  const lasting =
    column?.since && model && column.level !== "OK"
      ? `for ${span(at(model.now) - at(column.since))}, since ${moment(at(column.since))}`
      : "";
  return (
    <header className="feature-header">
      <h1>
        <Name name={name} limit={44} />
      </h1>
      {column ? (
        <LevelWord level={pinned >= 0 ? column.history.levels[pinned] : column.level} />
      ) : (
        <Skeleton width={72} />
      )}
      {pinned >= 0 && column ? (
        <span className="quiet">
          in the window to {moment(at(column.history.times[pinned]))}; now {levelWord(column.level).toLowerCase()}
        </span>
      ) : (
        <span className="quiet">{lasting}</span>
      )}
      <ul className="facts">
        <li>
          {column?.kind.toLowerCase()}, {role.toLowerCase().replaceAll("_", " ")}
        </li>
        <li>
          version <b>{model?.version}</b>
        </li>
      </ul>
      <div className="neighbours">
        <Step to={column?.previous} word="Previous feature" icon="left" onGo={onGo} />
        <Step to={column?.next} word="Next feature" icon="right" onGo={onGo} />
      </div>
    </header>
  );
}

function Step({
  to,
  word,
  icon,
  onGo,
}: {
  to: Neighbour | undefined;
  word: string;
  icon: "left" | "right";
  onGo: (to: Neighbour) => void;
}) {
  return (
    <button
      type="button"
      className="button icon"
      disabled={!to}
      aria-label={to ? `${word}: ${to.name}` : `${word}: there is none`}
      title={to?.name ?? "There is none"}
      onClick={() => {
        onGo(to ?? null);
      }}
    >
      <Icon name={icon} />
    </button>
  );
}
