import { useChangeSettings, useSettings } from "../data/settings";
import type { ModelDetail, ModelKey } from "../data/model";
import { FailedLine, FailedPage } from "../pieces/Failed";
import { Skeleton } from "../pieces/Skeleton";

import { SettingsForm } from "./SettingsForm";
import "./settings.css";

/** How often the model is looked at, what counts as large, how often that may be wrong, and what it costs. */
export function SettingsView({ model, modelKey }: { model: ModelDetail; modelKey: ModelKey }) {
  const question = useSettings(modelKey);
  const save = useChangeSettings(model.id);
  const held = question.data?.model;
  if (question.isError && !held) return <FailedPage what="The settings" question={question} />;
  return (
    <>
      <FailedLine what="The settings" question={question} />
      {held ? (
        <SettingsForm
          key={JSON.stringify(held.settings)}
          model={model}
          modelKey={modelKey}
          held={held}
          save={save}
          mayWrite={question.data?.system.mayWrite ?? false}
        />
      ) : (
        <div className="settings" aria-busy="true" aria-label="Reading the settings">
          <div className="settings-loading">
            {[220, 300, 260, 300, 280, 240].map((width, index) => (
              <Skeleton key={index} width={width} height={10} />
            ))}
          </div>
        </div>
      )}
    </>
  );
}
