import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { MatcherInput, MuteTimeInput, SilenceInput, SilencesQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { useInterval } from "./live";

const SILENCES = graphql(`
  query Silences($ended: Boolean!) {
    system {
      mayWrite
    }
    silences(ended: $ended) {
      id
      matcher {
        model
        environment
        version
        kind
        feature
        atLeast
        atMost
      }
      startsAt
      endsAt
      by
      comment
      state
      alerts
    }
    muteTimes {
      name
      zone
      spans {
        weekdays
        start
        end
      }
      matcher {
        model
        environment
        version
        kind
        feature
        atLeast
        atMost
      }
      until
    }
  }
`);

const MEANT = graphql(`
  query Meant($matcher: MatcherInput!) {
    silencePreview(matcher: $matcher) {
      count
      models
      alerts {
        id
        title
        level
        modelId
      }
    }
  }
`);

const CREATE = graphql(`
  mutation CreateSilence($silence: SilenceInput!) {
    createSilence(silence: $silence) {
      id
    }
  }
`);

const EXTEND = graphql(`
  mutation ExtendSilence($id: ID!, $hours: Float!) {
    extendSilence(id: $id, hours: $hours) {
      id
    }
  }
`);

const EXPIRE = graphql(`
  mutation ExpireSilence($id: ID!) {
    expireSilence(id: $id) {
      id
    }
  }
`);

const SET_MUTE = graphql(`
  mutation SetMuteTime($name: String!, $muteTime: MuteTimeInput!) {
    setMuteTime(name: $name, muteTime: $muteTime) {
      name
    }
  }
`);

const REMOVE_MUTE = graphql(`
  mutation RemoveMuteTime($name: String!) {
    removeMuteTime(name: $name)
  }
`);

export type Silence = SilencesQuery["silences"][number];
export type MuteTime = SilencesQuery["muteTimes"][number];
export type Matcher = Silence["matcher"];

/** Silences that hold or are to come, or with those that ended; and the mute times. */
export function useSilences(ended: boolean) {
  return useQuery({
    queryKey: ["silences", ended],
    queryFn: ({ signal }) => ask(SILENCES, { ended }, signal),
    refetchInterval: useInterval(2),
    placeholderData: keepPreviousData,
  });
}

/** Which alerts that go on a matcher means. */
export function useMeant(matcher: MatcherInput, enabled: boolean) {
  return useQuery({
    queryKey: ["meant", matcher],
    queryFn: ({ signal }) => ask(MEANT, { matcher }, signal),
    placeholderData: keepPreviousData,
    enabled,
    retry: false,
  });
}

export type SilenceAct =
  | { do: "create"; silence: SilenceInput }
  | { do: "extend"; id: string; hours: number }
  | { do: "expire"; id: string }
  | { do: "mute"; name: string; muteTime: MuteTimeInput }
  | { do: "unmute"; name: string };

/** Changes silences and mute times; everything that shows alerts is asked anew afterwards. */
export function useSilenceAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (act: SilenceAct): Promise<unknown> => {
      switch (act.do) {
        case "create":
          return ask(CREATE, { silence: act.silence });
        case "extend":
          return ask(EXTEND, { id: act.id, hours: act.hours });
        case "expire":
          return ask(EXPIRE, { id: act.id });
        case "mute":
          return ask(SET_MUTE, { name: act.name, muteTime: act.muteTime });
        case "unmute":
          return ask(REMOVE_MUTE, { name: act.name });
      }
    },
    onSuccess: () => client.invalidateQueries(),
  });
}
