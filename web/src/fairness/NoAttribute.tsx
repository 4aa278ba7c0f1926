import { useState, type FormEvent } from "react";

import { Failure } from "../data/ask";
import type { ModelDetail } from "../data/model";
import { useChangeSettings } from "../data/settings";
import { Notice } from "../pieces/Notice";
import { complaint } from "../settings/fields";
import { attributeOf, attributeSent, protectable, type AttributeDraft } from "../settings/fairness";
import { AttributePicker, BandsEntry } from "../settings/FairnessFields";

type Props = { model: ModelDetail; mayWrite: boolean };

/** Nobody has said which groups matter: what the page would show, and the shortest way to it. */
export function NoAttribute({ model, mayWrite }: Props) {
  const save = useChangeSettings(model.id);
  const [draft, setDraft] = useState<AttributeDraft | null>(null);
  const fit = protectable(model.columns, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft) save.mutate({ fairness: { attributes: [attributeSent(draft)] } });
  };
  const said =
    save.error instanceof Failure ? complaint(save.error.message, save.error.hint) : (save.error?.message ?? "");
  return (
    <Notice title="No protected attribute is named">
      <p>
        Name a tag or a feature whose values are groups of people, such as sex or an age band. It need not be an input
        of the model: a tag that is sent beside the features will do. From then on each group's selection rate is held
        against that of a reference group; once labels come, so are true and false positive rates, precision and
        accuracy.
      </p>
      {fit.length === 0 ? (
        <p>The model has sent no tag and no feature yet.</p>
      ) : mayWrite ? (
        <form className="name-attribute" onSubmit={submit} aria-label="Name a protected attribute">
          <AttributePicker
            columns={fit}
            chosen={draft}
            onChoose={(column) => {
              save.reset();
              setDraft(attributeOf(column));
            }}
          />
          {draft?.numeric && (
            <BandsEntry
              draft={draft}
              onText={(bands) => {
                save.reset();
                setDraft({ ...draft, bands });
              }}
            />
          )}
          <button
            type="submit"
            className="button primary"
            disabled={!draft || save.isPending || (draft.numeric && draft.bands.trim() === "")}
          >
            {save.isPending ? "Saving" : "Watch its groups"}
          </button>
          {said && (
            <p className="settings-wrong small" role="alert">
              {said}
            </p>
          )}
        </form>
      ) : (
        <p>Naming one needs an API key that may write.</p>
      )}
    </Notice>
  );
}
