import { useMemo, useState, type KeyboardEvent } from "react";

import { useFleetNames } from "../data/fleet";
import { useModel } from "../data/model";
import type { Level } from "../graphql/graphql";
import { LevelMark } from "../levels/LevelMark";
import { featurePath, modelPath } from "../navigation/address";
import { goTo, usePlace, useSearch, withSearch } from "../navigation/location";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";

import { Dialog } from "./Dialog";
import { find } from "./find";

type Hit = { name: string; detail: string; to: string; level?: Level };

/** Find a model anywhere, or a feature of the model that is open. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState(0);
  const hits = useHits(words);
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    goTo(hit.to);
  };
  const move = (event: KeyboardEvent) => {
    if (event.key === "Enter") go(hits[chosen]);
    else if (event.key === "ArrowDown") setChosen((now) => Math.min(hits.length - 1, now + 1));
    else if (event.key === "ArrowUp") setChosen((now) => Math.max(0, now - 1));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog label="Find model or feature" className="search-dialog" onClose={onClose}>
      <div className="search-line">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="search-hits"
          aria-activedescendant={hits[chosen] ? `search-hit-${String(chosen)}` : undefined}
          aria-label="Find model or feature"
          placeholder="Find model or feature"
          value={words}
          onKeyDown={move}
          onChange={(event) => {
            setWords(event.target.value);
            setChosen(0);
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <div id="search-hits" role="listbox" aria-label="Found" className="search-hits">
        {hits.map((hit, index) => (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- keys are handled by the combobox
          <div
            key={hit.to}
            id={`search-hit-${String(index)}`}
            role="option"
            aria-selected={index === chosen}
            tabIndex={-1}
            className="search-hit"
            onClick={() => {
              go(hit);
            }}
            onMouseMove={() => {
              setChosen(index);
            }}
          >
            {hit.level ? <LevelMark level={hit.level} named /> : <span className="search-gap" />}
            <Name name={hit.name} limit={48} />
            <span className="quiet search-detail">{hit.detail}</span>
          </div>
        ))}
      </div>
      {hits.length === 0 && (
        <p className="search-none quiet">No model{words ? " or feature of this model" : ""} is called that.</p>
      )}
    </Dialog>
  );
}

function useHits(words: string): Hit[] {
  const place = usePlace();
  const search = useSearch();
  const models = useFleetNames().data?.models;
  const here = place.page === "model" || place.page === "feature" ? place.id : null;
  const environment = search.get("env") ?? "production";
  const open = useModel({ id: here ?? "", environment, version: search.get("version") }, here !== null).data?.model;
  return useMemo(() => {
    const found: Hit[] = find(models ?? [], (model) => model.id, words, 8).map((model) => ({
      name: model.id,
      detail: model.environment === "production" ? model.version : `${model.version}, ${model.environment}`,
      level: model.level,
      to: modelPath(model.id) + withSearch("", { env: model.environment === "production" ? null : model.environment }),
    }));
    const features: Hit[] = find(open?.columns ?? [], (column) => column.name, words, 8).map((column) => ({
      name: column.name,
      detail: `${column.role.toLowerCase().replaceAll("_", " ")} of ${open?.id ?? ""}`,
      to:
        featurePath(open?.id ?? "", column.role, column.name) +
        withSearch("", { env: search.get("env"), version: search.get("version") }),
    }));
    return words ? [...features, ...found] : [...found, ...features];
  }, [models, open, words, search]);
}
