"""The GraphQL schema, and what a query may cost."""

from __future__ import annotations

import logging
from typing import Any, Final

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from modelwatch.errors import ModelwatchError
from modelwatch.server.graph import (
    action_types,
    alert_resolvers,
    channel_resolvers,
    resolvers,
    rule_types,
    setting_resolvers,
    silence_resolvers,
    told_resolvers,
)
from modelwatch.server.graph.alert_types import Alert, AlertCount, DecidedAlerts
from modelwatch.server.graph.channel_types import Channel, ChannelKind, Message, TestedChannel
from modelwatch.server.graph.enums import DATE_TIME, DateTime
from modelwatch.server.graph.resolved import resolved
from modelwatch.server.graph.setting_types import ModelSettings
from modelwatch.server.graph.silence_types import Meant, MuteTime, Silence
from modelwatch.server.graph.told_types import AlertGroup, DigestPreview
from modelwatch.server.graph.types import Model, ModelSummary, System
from modelwatch.server.problems import Refused

MAX_DEPTH: Final = 12
"""The dashboard's deepest question has 6 levels; introspection by the usual tools has 12."""
MAX_ALIASES: Final = 10
"""A field that costs something can be asked once per alias, so this bounds what one request costs."""
MAX_TOKENS: Final = 3_000
logger = logging.getLogger("modelwatch.server")


@strawberry.type
class Query:
    system: System = resolved(resolvers.system)
    models: list[ModelSummary] = resolved(resolvers.models)
    model: Model | None = resolved(resolvers.model)
    silences: list[Silence] = resolved(silence_resolvers.silences)
    silence_preview: Meant = resolved(silence_resolvers.silence_preview)
    mute_times: list[MuteTime] = resolved(silence_resolvers.mute_times)
    alert_group: AlertGroup | None = resolved(told_resolvers.alert_group)
    digest: DigestPreview = resolved(told_resolvers.digest)
    channels: list[Channel] = resolved(channel_resolvers.channels)
    channel_kinds: list[ChannelKind] = resolved(channel_resolvers.channel_kinds)
    messages: list[Message] = resolved(channel_resolvers.channel_messages)
    alerts: list[Alert] = resolved(alert_resolvers.alerts)
    alert_counts: list[AlertCount] = resolved(alert_resolvers.alert_counts)
    alert: Alert | None = resolved(alert_resolvers.alert)
    rules: list[rule_types.AlertRule] = resolved(rule_types.read_rules)
    rule: rule_types.AlertRule | None = resolved(rule_types.read_rule)
    rule_metrics: rule_types.RuleMetrics = resolved(rule_types.read_rule_metrics)
    back_test: rule_types.BackTest = resolved(rule_types.back_test)
    actions: list[action_types.Action] = resolved(action_types.read_actions)
    action_runs: list[action_types.ActionRun] = resolved(action_types.read_runs)
    try_action: action_types.ActionTrial | None = resolved(action_types.try_action)


@strawberry.type
class Mutation:
    create_silence: Silence = resolved(silence_resolvers.create_silence)
    extend_silence: Silence = resolved(silence_resolvers.extend_silence)
    expire_silence: Silence = resolved(silence_resolvers.expire_silence)
    set_mute_time: MuteTime = resolved(silence_resolvers.set_mute_time)
    remove_mute_time: bool = resolved(silence_resolvers.remove_mute_time)
    save_channel: Channel = resolved(channel_resolvers.save_channel)
    delete_channel: bool = resolved(channel_resolvers.delete_channel)
    test_channel: TestedChannel = resolved(channel_resolvers.test_channel)
    retry_message: Message = resolved(channel_resolvers.retry_message)
    drop_message: Message = resolved(channel_resolvers.drop_message)
    acknowledge_alert: Alert = resolved(alert_resolvers.acknowledge_alert)
    unacknowledge_alert: Alert = resolved(alert_resolvers.unacknowledge_alert)
    silence_alert: Alert = resolved(alert_resolvers.silence_alert)
    unsilence_alert: Alert = resolved(alert_resolvers.unsilence_alert)
    resolve_alert: Alert = resolved(alert_resolvers.resolve_alert)
    reopen_alert: Alert = resolved(alert_resolvers.reopen_alert)
    assign_alert: Alert = resolved(alert_resolvers.assign_alert)
    comment_on_alert: Alert = resolved(alert_resolvers.comment_on_alert)
    decide_alerts: DecidedAlerts = resolved(alert_resolvers.decide_alerts)
    change_settings: ModelSettings = resolved(setting_resolvers.change_settings)
    save_rule: rule_types.AlertRule = resolved(rule_types.save_rule)
    delete_rule: str = resolved(rule_types.delete_rule)
    set_rule_enabled: rule_types.AlertRule = resolved(rule_types.set_rule_enabled)
    save_action: action_types.Action = resolved(action_types.save_action)
    delete_action: bool = resolved(action_types.delete_action)
    approve_run: action_types.ActionRun = resolved(action_types.approve_run)
    reject_run: action_types.ActionRun = resolved(action_types.reject_run)


class Graph(strawberry.Schema):
    """A schema that logs what is our own mistake, and nothing else."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Logs errors that no caller could have caused."""
        del execution_context
        for error in errors:
            if is_ours(error):
                logger.error("unexpected error in a GraphQL field", exc_info=error.original_error)


def is_ours(error: GraphQLError) -> bool:
    """True for an error that is neither in the query nor one of the errors that we raise on purpose."""
    return error.original_error is not None and not isinstance(error.original_error, ModelwatchError | GraphQLError)


def told(error: GraphQLError) -> dict[str, Any]:
    """An error as the caller sees it: ours are not explained."""
    shown: dict[str, Any] = dict(error.formatted)
    if is_ours(error):
        shown["message"] = "something went wrong inside modelwatch"
    elif isinstance(error.original_error, ModelwatchError):
        shown["message"] = error.original_error.message
        shown["extensions"] = {"code": type(error.original_error).__name__, "hint": error.original_error.hint}
        if isinstance(error.original_error, Refused):
            shown["extensions"] |= error.original_error.fields
    return shown


def build_schema() -> Graph:
    """The schema with its limits."""
    return Graph(
        query=Query,
        mutation=Mutation,
        config=StrawberryConfig(scalar_map={DateTime: DATE_TIME}),
        extensions=[
            lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
            lambda: QueryDepthLimiter(max_depth=MAX_DEPTH),
            lambda: MaxAliasesLimiter(max_alias_count=MAX_ALIASES),
        ],
    )
