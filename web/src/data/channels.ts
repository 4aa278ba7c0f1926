import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { graphql } from "../graphql";
import type { ChannelsQuery, DeadMessagesQuery } from "../graphql/graphql";

import { ask } from "./ask";
import { useInterval } from "./live";

const CHANNELS = graphql(`
  query Channels {
    system {
      mayWrite
    }
    channels {
      name
      kind
      title
      values {
        name
        title
        secret
        set
        value
      }
      minLevel
      models
      enabled
      builtIn
      fault
      waiting
      dead
      sent
      deliveredAt
      failedAt
      error
      heldUntil
    }
    channelKinds {
      kind
      title
      fields {
        name
        title
        secret
        required
        default
        hint
      }
    }
  }
`);

const DEAD = graphql(`
  query DeadMessages {
    messages(states: ["dead", "waiting"], limit: 50) {
      id
      channel
      event
      level
      title
      state
      attempts
      createdAt
      nextAt
      error
      alerts
    }
  }
`);

const DIGEST = graphql(`
  query Digest($channel: String!) {
    digest(channel: $channel) {
      empty
      title
      lines {
        alertId
        model
        version
        level
        title
        since
        news
        facts
      }
      more
      notes
    }
  }
`);

const SAVE = graphql(`
  mutation SaveChannel($name: String!, $kind: String, $changes: JSON!) {
    saveChannel(name: $name, kind: $kind, changes: $changes) {
      name
    }
  }
`);

const DELETE = graphql(`
  mutation DeleteChannel($name: String!) {
    deleteChannel(name: $name)
  }
`);

const TEST = graphql(`
  mutation TestChannel($name: String!) {
    testChannel(name: $name) {
      delivered
      permanent
      error
      seconds
    }
  }
`);

const RETRY = graphql(`
  mutation RetryMessage($id: ID!) {
    retryMessage(id: $id) {
      id
    }
  }
`);

const DROP = graphql(`
  mutation DropMessage($id: ID!) {
    dropMessage(id: $id) {
      id
    }
  }
`);

export type Channel = ChannelsQuery["channels"][number];
export type ChannelKind = ChannelsQuery["channelKinds"][number];
export type Message = DeadMessagesQuery["messages"][number];

/** Where people are told, how that goes, and what kinds of channels there are. */
export function useChannels() {
  return useQuery({
    queryKey: ["channels"],
    queryFn: ({ signal }) => ask(CHANNELS, {}, signal),
    refetchInterval: useInterval(2),
    placeholderData: keepPreviousData,
  });
}

/** Messages that were given up, or wait for another try. */
export function useUndelivered() {
  return useQuery({
    queryKey: ["undelivered"],
    queryFn: ({ signal }) => ask(DEAD, {}, signal),
    refetchInterval: useInterval(2),
    placeholderData: keepPreviousData,
  });
}

/** What the next daily digest of a channel would say now. */
export function useDigest(channel: string) {
  return useQuery({
    queryKey: ["digest", channel],
    queryFn: async ({ signal }) => (await ask(DIGEST, { channel }, signal)).digest,
    refetchInterval: useInterval(12),
  });
}

type ChannelAct =
  | { do: "save"; name: string; kind: string | null; changes: Record<string, unknown> }
  | { do: "delete"; name: string }
  | { do: "retry"; id: string }
  | { do: "drop"; id: string };

/** Changes channels and what waits for them. */
export function useChannelAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (act: ChannelAct): Promise<unknown> => {
      switch (act.do) {
        case "save":
          return ask(SAVE, { name: act.name, kind: act.kind, changes: act.changes });
        case "delete":
          return ask(DELETE, { name: act.name });
        case "retry":
          return ask(RETRY, { id: act.id });
        case "drop":
          return ask(DROP, { id: act.id });
      }
    },
    onSuccess: () => client.invalidateQueries(),
  });
}

/** Sends a test message now and says how it went, in the receiver's words. */
export function useTestChannel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => (await ask(TEST, { name })).testChannel,
    onSettled: () => client.invalidateQueries({ queryKey: ["channels"] }),
  });
}
