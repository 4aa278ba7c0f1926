import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { SettingsPreviewQuery, SettingsQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { keepSame } from "./keepSame";
import type { ModelKey } from "./model";

const SETTINGS = graphql(`
  query Settings($id: String!, $environment: String!, $version: String) {
    system {
      mayWrite
    }
    model(id: $id, environment: $environment, version: $version) {
      settings {
        task
        positiveLabel
        window
        checkIntervalSeconds
        critical
        k
        n
        psiWarning
        psiCritical
        missingWarning
        missingCritical
        alertsPer1000Days
        reference
        segments {
          columns {
            role
            name
          }
          limit
          state
        }
        fairness
        labelHorizonDays
      }
      settingDefaults {
        checkIntervalSeconds
        labelHorizonDays
        k
        n
        psiWarning
        psiCritical
        missingWarning
        missingCritical
        alertsPer1000Days
      }
      falseAlarms {
        alertsPer1000Days
        alertsAtMost
        alertsAbout
        notices
        looksPerDay
        columns
        rows
      }
    }
  }
`);

const PREVIEW = graphql(`
  query SettingsPreview($id: String!, $environment: String!, $version: String, $changes: JSON!) {
    model(id: $id, environment: $environment, version: $version) {
      settingsPreview(changes: $changes) {
        current {
          alertsPer1000Days
          alertsAtMost
          alertsAbout
          notices
          looksPerDay
          columns
          rows
        }
        changed {
          alertsPer1000Days
          alertsAtMost
          alertsAbout
          notices
          looksPerDay
          columns
          rows
        }
        reference {
          kind
          label
          rows
          start
          end
          waiting
        }
      }
    }
  }
`);

const CHANGE = graphql(`
  mutation ChangeSettings($id: String!, $changes: JSON!) {
    changeSettings(id: $id, changes: $changes) {
      window
    }
  }
`);

export type Held = NonNullable<SettingsQuery["model"]>;
export type Settings = Held["settings"];
export type FalseAlarms = NonNullable<SettingsPreviewQuery["model"]>["settingsPreview"]["changed"];
export type PreviewedReference = NonNullable<SettingsPreviewQuery["model"]>["settingsPreview"]["reference"];
/** The body of a change: the names are those of the REST interface; null gives a decision back to the server. */
export type Changes = Record<string, unknown>;

/** What is set for a model, what the server decides elsewhere, and what it costs. Not asked again while one edits. */
export function useSettings(key: ModelKey) {
  return useQuery({
    queryKey: ["settings", key],
    queryFn: ({ signal }) => ask(SETTINGS, key, signal),
    placeholderData: keepSame(["settings", key]),
  });
}

/** What changes would cost. Nothing is saved. */
export function useSettingsPreview(key: ModelKey, changes: Changes, enabled: boolean) {
  return useQuery({
    queryKey: ["settings preview", key, changes],
    queryFn: ({ signal }) => ask(PREVIEW, { ...key, changes }, signal),
    placeholderData: keepPreviousData,
    enabled,
    retry: false,
  });
}

/** Saves changes; everything that shows the model is asked anew afterwards. */
export function useChangeSettings(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: Changes) => ask(CHANGE, { id, changes }),
    onSuccess: () => client.invalidateQueries(),
  });
}
