/* eslint-disable */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** ISO 8601 in UTC with microseconds, e.g. 2013-05-01T00:00:00Z */
  DateTime: { input: string; output: string; }
  /** The `JSON` scalar type represents JSON values as specified by [ECMA-404](https://ecma-international.org/wp-content/uploads/ECMA-404_2nd_edition_december_2017.pdf). */
  JSON: { input: Record<string, unknown>; output: Record<string, unknown>; }
};

export type Action = {
  approval: Scalars['Boolean']['output'];
  atLeast: Maybe<ActionAtLeast>;
  cooldownHours: Scalars['Float']['output'];
  createdAt: Scalars['DateTime']['output'];
  dryRun: Scalars['Boolean']['output'];
  enabled: Scalars['Boolean']['output'];
  expiresHours: Scalars['Float']['output'];
  lastingHours: Maybe<Scalars['Float']['output']>;
  /** per model */
  maxPerWeek: Scalars['Int']['output'];
  /** all models together */
  maxPerWeekAll: Scalars['Int']['output'];
  message: Scalars['String']['output'];
  minLevel: Scalars['String']['output'];
  models: Array<Scalars['String']['output']>;
  name: Scalars['String']['output'];
  on: Array<Scalars['String']['output']>;
  python: Maybe<ActionPython>;
  /** why it is not due for the alerts that go on */
  reasons: Array<ActionReason>;
  /** channels that are told when it was done */
  tell: Array<Scalars['String']['output']>;
  timeoutSeconds: Scalars['Float']['output'];
  updatedAt: Scalars['DateTime']['output'];
  webhook: Maybe<ActionWebhook>;
};

export type ActionAtLeast = {
  alerts: Scalars['Int']['output'];
  /** alerts of other kinds count, too */
  anyKind: Scalars['Boolean']['output'];
  withinHours: Scalars['Float']['output'];
};

export type ActionHelped = {
  after: Maybe<Scalars['Float']['output']>;
  at: Scalars['DateTime']['output'];
  before: Maybe<Scalars['Float']['output']>;
  metric: Scalars['String']['output'];
  text: Scalars['String']['output'];
  verdict: HelpedVerdict;
  version: Scalars['String']['output'];
  /** windows after the run that could be judged */
  windows: Scalars['Int']['output'];
};

export type ActionPython = {
  entry: Scalars['String']['output'];
  fields: Scalars['JSON']['output'];
};

export type ActionReason = {
  alertId: Scalars['ID']['output'];
  at: Scalars['DateTime']['output'];
  modelId: Scalars['String']['output'];
  reason: Scalars['String']['output'];
};

export type ActionRun = {
  action: Scalars['String']['output'];
  alertId: Scalars['ID']['output'];
  attempts: Scalars['Int']['output'];
  createdAt: Scalars['DateTime']['output'];
  doneAt: Maybe<Scalars['DateTime']['output']>;
  dryRun: Scalars['Boolean']['output'];
  /** until when it waits for a decision */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  helped: Maybe<ActionHelped>;
  history: Array<ActionStep>;
  id: Scalars['ID']['output'];
  /** the idempotency key, the same on every try */
  key: Scalars['String']['output'];
  modelId: Scalars['String']['output'];
  nextAt: Maybe<Scalars['DateTime']['output']>;
  number: Scalars['Int']['output'];
  /** what was or would be sent, without secrets */
  request: Scalars['JSON']['output'];
  startedAt: Maybe<Scalars['DateTime']['output']>;
  state: RunState;
  why: Scalars['String']['output'];
};

export type ActionStep = {
  at: Scalars['DateTime']['output'];
  by: Scalars['String']['output'];
  state: RunState;
  text: Scalars['String']['output'];
};

export type ActionTrial = {
  due: Scalars['Boolean']['output'];
  reason: Scalars['String']['output'];
  request: Scalars['JSON']['output'];
};

export type ActionWebhook = {
  body: Scalars['String']['output'];
  fields: Scalars['JSON']['output'];
  headers: Scalars['JSON']['output'];
  method: Scalars['String']['output'];
  /** names alone; the values are never shown */
  secretHeaders: Array<Scalars['String']['output']>;
  signed: Scalars['Boolean']['output'];
  url: Scalars['String']['output'];
};

export type Alert = {
  /** '' while nobody has, or where nobody said who */
  acknowledgedBy: Scalars['String']['output'];
  /** '' is nobody */
  assignedTo: Scalars['String']['output'];
  /** where the rule sends it; empty: every channel that takes it */
  channels: Array<Scalars['String']['output']>;
  /** event time of the newest window that was checked for it */
  checkedAt: Scalars['DateTime']['output'];
  environment: Scalars['String']['output'];
  evaluation: AlertEvaluation;
  events: Array<AlertEvent>;
  /** the alert came from replayed history: recorded, nobody was woken */
  historic: Scalars['Boolean']['output'];
  id: Scalars['ID']['output'];
  items: Array<AlertItem>;
  kind: Scalars['String']['output'];
  level: Level;
  modelId: Scalars['String']['output'];
  number: Scalars['Int']['output'];
  /** event time */
  openedAt: Scalars['DateTime']['output'];
  resolvedAt: Maybe<Scalars['DateTime']['output']>;
  ruleId: Maybe<Scalars['String']['output']>;
  silencedUntil: Maybe<Scalars['DateTime']['output']>;
  status: AlertStatus;
  /** modelwatch's own, about itself */
  system: Scalars['Boolean']['output'];
  title: Scalars['String']['output'];
  /** what may be done with it now */
  verbs: Array<AlertVerb>;
  version: Scalars['String']['output'];
};

export type AlertCount = {
  count: Scalars['Int']['output'];
  status: AlertStatus;
};

/** An alert whose newest window could not be judged stays open: neither silence nor health. */
export type AlertEvaluation = {
  /** wall time */
  since: Maybe<Scalars['DateTime']['output']>;
  state: EvaluationState;
  text: Scalars['String']['output'];
};

export type AlertEvent = {
  at: Scalars['DateTime']['output'];
  by: Scalars['String']['output'];
  kind: Scalars['String']['output'];
  text: Scalars['String']['output'];
};

/** A figure of the outcomes: a metric of a group of people, or of a class. */
export type AlertFigure = {
  /** the group that it is held against */
  against: Maybe<Scalars['String']['output']>;
  classLabel: Maybe<Scalars['String']['output']>;
  group: Maybe<Scalars['String']['output']>;
  groupKey: Maybe<Scalars['String']['output']>;
  metric: Scalars['String']['output'];
  /** performance, estimated_performance, fairness, target_drift, concept_drift or custom_metric */
  subject: Scalars['String']['output'];
  title: Scalars['String']['output'];
};

/** Alerts that a channel was told together; at most 500 are listed. */
export type AlertGroup = {
  alerts: Array<Alert>;
  channel: Scalars['String']['output'];
  count: Scalars['Int']['output'];
  id: Scalars['ID']['output'];
  /** how many it has sent */
  messages: Scalars['Int']['output'];
  /** when it is looked at again */
  nextAt: Maybe<Scalars['DateTime']['output']>;
  openedAt: Scalars['DateTime']['output'];
  /** what the group is made of: fleet, a model or a kind */
  scope: Scalars['String']['output'];
  /** open, closed or digest */
  state: Scalars['String']['output'];
  toldAt: Maybe<Scalars['DateTime']['output']>;
};

export type AlertItem = {
  chance: Maybe<Scalars['Float']['output']>;
  column: Scalars['String']['output'];
  /** what the item is about when it is no column; `value` is then by how much it is worse */
  figure: Maybe<AlertFigure>;
  level: Level;
  metric: Scalars['String']['output'];
  role: ColumnRole;
  /** the segment that drifted; `column` moved most in it */
  segment: Maybe<Scalars['String']['output']>;
  since: Scalars['DateTime']['output'];
  text: Scalars['String']['output'];
  value: Scalars['Float']['output'];
};

export type AlertRule = {
  /** what saveRule takes */
  body: Scalars['JSON']['output'];
  /** true for a rule that exists without anyone writing it */
  builtIn: Scalars['Boolean']['output'];
  by: Scalars['String']['output'];
  /** true for a built-in rule that is not as it was */
  changed: Scalars['Boolean']['output'];
  /** none: the channels that take everything of that severity */
  channels: Array<Scalars['String']['output']>;
  createdAt: Maybe<Scalars['DateTime']['output']>;
  description: Scalars['String']['output'];
  enabled: Scalars['Boolean']['output'];
  id: Scalars['ID']['output'];
  /** __any__ is each model of the project */
  modelId: Scalars['String']['output'];
  name: Scalars['String']['output'];
  openAlerts: Scalars['Int']['output'];
  /** info, warning, critical or by_level */
  severity: Scalars['String']['output'];
  /** the worst of its states, null before it was evaluated */
  state: Maybe<Scalars['String']['output']>;
  states: Array<RuleState>;
  title: Scalars['String']['output'];
  updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** why a built-in rule is there, else '' */
  why: Scalars['String']['output'];
  /** what it watches, in words */
  words: Scalars['String']['output'];
};

export type AlertStatus =
  | 'ACKNOWLEDGED'
  | 'FIRING'
  | 'PENDING'
  | 'RESOLVED'
  | 'SILENCED';

export type AlertVerb =
  | 'ACKNOWLEDGE'
  | 'ASSIGN'
  | 'COMMENT'
  | 'REOPEN'
  | 'RESOLVE'
  | 'SILENCE'
  | 'UNACKNOWLEDGE'
  | 'UNSILENCE';

/** What narrows a list of alerts; what is null does not. */
export type AlertsWanted = {
  /** '' is nobody */
  assignedTo?: InputMaybe<Scalars['String']['input']>;
  /** alerts that were told together */
  group?: InputMaybe<Scalars['ID']['input']>;
  kind?: InputMaybe<Array<Scalars['String']['input']>>;
  level?: InputMaybe<Array<Level>>;
  /** null: all but those that are pending */
  status?: InputMaybe<Array<AlertStatus>>;
  /** part of the title or a name, in any case */
  text?: InputMaybe<Scalars['String']['input']>;
  version?: InputMaybe<Scalars['String']['input']>;
};

/** What a rule would have done in the last days; nothing is saved. */
export type BackTest = {
  complete: Scalars['Boolean']['output'];
  days: Scalars['Int']['output'];
  fired: Scalars['Int']['output'];
  firedModels: Scalars['Int']['output'];
  /** models that were tried before the time was over */
  lookedAt: Scalars['Int']['output'];
  models: Scalars['Int']['output'];
  tested: Array<Tested>;
  /** in a sentence: 'This rule would have fired 14 times in the last 90 days' */
  text: Scalars['String']['output'];
  unjudged: Scalars['Int']['output'];
  windows: Scalars['Int']['output'];
  words: Scalars['String']['output'];
};

export type Bar = {
  lower: Maybe<Scalars['Float']['output']>;
  reference: Scalars['Float']['output'];
  upper: Maybe<Scalars['Float']['output']>;
  window: Scalars['Float']['output'];
};

export type CalibrationPoint = {
  high: Scalars['Float']['output'];
  low: Scalars['Float']['output'];
  rows: Scalars['Float']['output'];
  score: Scalars['Float']['output'];
  /** share of predictions of about this score that came true */
  share: Scalars['Float']['output'];
};

/** Different values of a column: known categories, or bins of numbers that hold a row. */
export type Cardinality = {
  distinct: Scalars['Int']['output'];
  /** what the reference would give at that many rows */
  expected: Scalars['Float']['output'];
  high: Scalars['Int']['output'];
  kind: ColumnKind;
  level: Level;
  /** `low` to `high` holds 99 % of windows without change */
  low: Scalars['Int']['output'];
  name: Scalars['String']['output'];
  pValue: Scalars['Float']['output'];
  reference: Scalars['Int']['output'];
  role: ColumnRole;
};

/** A segment's part in the drift of a column, in PSI. It is evidence, not proof of a cause. */
export type Carrier = {
  key: Maybe<Scalars['String']['output']>;
  /** null = the rows of no watched segment */
  label: Maybe<Scalars['String']['output']>;
  /** what its share of rows changed */
  mix: Scalars['Float']['output'];
  mixP: Scalars['Float']['output'];
  /** within or mix where that is certain and matters, else '' */
  named: Scalars['String']['output'];
  /** within + mix; the parts of all carriers add up to the total */
  part: Scalars['Float']['output'];
  referenceRows: Scalars['Float']['output'];
  referenceShare: Scalars['Float']['output'];
  rows: Scalars['Float']['output'];
  /** of the window's rows */
  share: Scalars['Float']['output'];
  text: Scalars['String']['output'];
  /** what changed inside the segment */
  within: Scalars['Float']['output'];
  /** adjusted for the number of segments, as is mixP */
  withinP: Scalars['Float']['output'];
  /** PSI when the segment is left out of both sides */
  without: Maybe<Scalars['Float']['output']>;
};

export type CategoryShare = {
  name: Scalars['String']['output'];
  reference: Scalars['Float']['output'];
  window: Scalars['Float']['output'];
};

/** What may be behind a change of the mean loss since the baseline: evidence, not proof. */
export type Causes = {
  /** reference or first_weeks, '' for none */
  baseline: Scalars['String']['output'];
  baselineEnd: Maybe<Scalars['DateTime']['output']>;
  baselineRows: Scalars['Int']['output'];
  baselineStart: Maybe<Scalars['DateTime']['output']>;
  before: Maybe<Scalars['Float']['output']>;
  change: Maybe<Scalars['Float']['output']>;
  /** views of the same rows; they do not add up */
  columns: Array<ColumnSplit>;
  days: Scalars['Int']['output'];
  end: Scalars['DateTime']['output'];
  /** by drift x importance */
  features: Array<FeatureCause>;
  high: Maybe<Scalars['Float']['output']>;
  loss: Scalars['String']['output'];
  lossTitle: Scalars['String']['output'];
  /** of the change, 95 % */
  low: Maybe<Scalars['Float']['output']>;
  now: Maybe<Scalars['Float']['output']>;
  p: Maybe<Scalars['Float']['output']>;
  rows: Scalars['Int']['output'];
  sampled: Scalars['Float']['output'];
  /** the named ones, by their part */
  segments: Array<SegmentCause>;
  start: Scalars['DateTime']['output'];
  told: Scalars['String']['output'];
};

/** Where people are told. */
export type Channel = {
  /** set by the operator of the server; nobody else changes it */
  builtIn: Scalars['Boolean']['output'];
  /** messages that were given up */
  dead: Scalars['Int']['output'];
  deliveredAt: Maybe<Scalars['DateTime']['output']>;
  enabled: Scalars['Boolean']['output'];
  /** how the last try went, '' when it was delivered */
  error: Scalars['String']['output'];
  failedAt: Maybe<Scalars['DateTime']['output']>;
  /** what is wrong with it now, '' when nothing is */
  fault: Scalars['String']['output'];
  /** nothing is sent before, because the receiver said so */
  heldUntil: Maybe<Scalars['DateTime']['output']>;
  kind: Scalars['String']['output'];
  /** info, warning or critical; info is told once a day */
  minLevel: Scalars['String']['output'];
  /** globs of model ids */
  models: Array<Scalars['String']['output']>;
  name: Scalars['String']['output'];
  sent: Scalars['Int']['output'];
  /** of its kind */
  title: Scalars['String']['output'];
  values: Array<ChannelValue>;
  waiting: Scalars['Int']['output'];
};

/** One thing that channels of a kind must be told. */
export type ChannelField = {
  default: Scalars['String']['output'];
  hint: Scalars['String']['output'];
  name: Scalars['String']['output'];
  required: Scalars['Boolean']['output'];
  secret: Scalars['Boolean']['output'];
  title: Scalars['String']['output'];
};

export type ChannelKind = {
  fields: Array<ChannelField>;
  kind: Scalars['String']['output'];
  title: Scalars['String']['output'];
};

export type ChannelValue = {
  name: Scalars['String']['output'];
  secret: Scalars['Boolean']['output'];
  set: Scalars['Boolean']['output'];
  title: Scalars['String']['output'];
  /** null for a secret: it is never shown */
  value: Maybe<Scalars['String']['output']>;
};

export type Column = {
  kind: ColumnKind;
  name: Scalars['String']['output'];
  role: ColumnRole;
};

export type ColumnDetail = {
  carriers: Array<SegmentRanking>;
  distribution: Maybe<Distribution>;
  history: History;
  kind: ColumnKind;
  level: Level;
  methods: Array<Method>;
  name: Scalars['String']['output'];
  next: Maybe<Column>;
  onRequest: Array<OnRequest>;
  previous: Maybe<Column>;
  role: ColumnRole;
  since: Maybe<Scalars['DateTime']['output']>;
  /** the checks behind the level: Certain, Large, Two methods agree, It persists */
  sure: Array<Sure>;
  /** sentences, most important first */
  why: Array<Scalars['String']['output']>;
};


export type ColumnDetailCarriersArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ColumnDetailDistributionArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ColumnDetailHistoryArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
  start?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ColumnDetailMethodsArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ColumnDetailOnRequestArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ColumnEvidence = {
  /** the odds from which on a change is certain */
  asked: Scalars['String']['output'];
  column: Scalars['String']['output'];
  /** odds against 'nothing has changed', e.g. '1 : 40' */
  evidence: Scalars['String']['output'];
  /** what the test has raised and is not over */
  level: Level;
  /** ln(evidence / asked): 0 and above is certain */
  margin: Scalars['Float']['output'];
  role: ColumnRole;
  /** rows of the epoch that comes nearest to an alarm */
  rows: Scalars['Float']['output'];
  /** when that epoch began, by arrival */
  since: Scalars['DateTime']['output'];
  told: Scalars['String']['output'];
};

export type ColumnKind =
  | 'BOOLEAN'
  | 'CATEGORY'
  | 'NUMERIC'
  | 'VECTOR';

export type ColumnRole =
  | 'EMBEDDING'
  | 'FEATURE'
  | 'PREDICTION_LABEL'
  | 'PREDICTION_SCORE'
  | 'PREDICTION_SCORES'
  | 'PREDICTION_VALUE'
  | 'TAG'
  | 'TEXT';

export type ColumnSplit = {
  mix: Scalars['Float']['output'];
  name: Scalars['String']['output'];
  named: Scalars['Int']['output'];
  role: ColumnRole;
  within: Scalars['Float']['output'];
};

/** Whether a model's errors have changed, on the stream of its labels. */
export type ConceptDrift = {
  driftSince: Maybe<Scalars['DateTime']['output']>;
  /** mean error of the present concept */
  error: Maybe<Scalars['Float']['output']>;
  /** the newest first */
  findings: Array<ConceptFinding>;
  /** median seconds from a prediction to its label */
  labelLagS: Maybe<Scalars['Float']['output']>;
  /** first labels consumed so far */
  labels: Scalars['Int']['output'];
  level: Level;
  /** error_rate or mean_absolute_error */
  metric: Scalars['String']['output'];
  reason: Scalars['String']['output'];
  /** off, waiting, learning or watching */
  state: Scalars['String']['output'];
  updated: Maybe<Scalars['DateTime']['output']>;
  /** labels that wait to be joined */
  waiting: Scalars['Int']['output'];
};

export type ConceptFinding = {
  after: Scalars['Float']['output'];
  /** when it was certain, by the time of the predictions */
  at: Scalars['DateTime']['output'];
  before: Scalars['Float']['output'];
  /** standard errors between the two stretches */
  certainty: Scalars['Float']['output'];
  detectors: Array<Scalars['String']['output']>;
  label: Scalars['Int']['output'];
  labelsAfter: Scalars['Int']['output'];
  labelsBefore: Scalars['Int']['output'];
  level: Level;
  /** earlier findings that had moved the errors to such a level */
  recurs: Scalars['Int']['output'];
  /** when it happened */
  since: Scalars['DateTime']['output'];
  text: Scalars['String']['output'];
  worse: Scalars['Boolean']['output'];
};

/** Weights by actual (rows) and predicted label (columns), the most frequent labels first. */
export type ConfusionMatrix = {
  counts: Array<Array<Scalars['Float']['output']>>;
  labels: Array<Scalars['String']['output']>;
};

/** ROC: false and true positive rate; PR: recall and precision. */
export type CurvePoint = {
  threshold: Scalars['Float']['output'];
  x: Scalars['Float']['output'];
  y: Scalars['Float']['output'];
};

/** A metric that a user wrote for the model, over its labelled rows. */
export type CustomMetric = {
  /** up_is_bad, down_is_bad or null */
  direction: Maybe<Scalars['String']['output']>;
  /** SQL, or the name of a function */
  expression: Scalars['String']['output'];
  /** sql or python */
  kind: Scalars['String']['output'];
  minRows: Scalars['Int']['output'];
  name: Scalars['String']['output'];
  series: Array<MetricSeries>;
  thresholdCritical: Maybe<Scalars['Float']['output']>;
  thresholdWarning: Maybe<Scalars['Float']['output']>;
  unit: Scalars['String']['output'];
};

export type CutColumn = {
  name: Scalars['String']['output'];
  /** values that found no place; 1,000 are counted at most */
  others: Scalars['Int']['output'];
  role: ColumnRole;
  /** the same in words, e.g. '12 other values are not watched' */
  told: Scalars['String']['output'];
  watched: Scalars['Int']['output'];
};

export type DecidedAlerts = {
  alerts: Array<Alert>;
  refused: Array<RefusedAlert>;
};

export type DelayBar = {
  /** seconds */
  above: Scalars['Float']['output'];
  labels: Scalars['Float']['output'];
  upTo: Maybe<Scalars['Float']['output']>;
};

export type DigestLine = {
  alertId: Scalars['ID']['output'];
  environment: Scalars['String']['output'];
  facts: Array<Scalars['String']['output']>;
  kind: Scalars['String']['output'];
  level: Level;
  model: Scalars['String']['output'];
  /** opened, resolved, or '' for what goes on */
  news: Scalars['String']['output'];
  since: Scalars['DateTime']['output'];
  status: Scalars['String']['output'];
  title: Scalars['String']['output'];
  version: Scalars['String']['output'];
};

/** What the next digest would say now; an empty one is not sent. */
export type DigestPreview = {
  channel: Scalars['String']['output'];
  empty: Scalars['Boolean']['output'];
  lines: Array<DigestLine>;
  /** alerts that it does not name */
  more: Scalars['Int']['output'];
  /** columns that have been at notice for a week */
  notes: Array<Scalars['String']['output']>;
  title: Scalars['String']['output'];
};

/** One metric of a group against its reference group. */
export type Disparity = {
  against: Scalars['String']['output'];
  againstKey: Scalars['String']['output'];
  againstRows: Maybe<Scalars['Float']['output']>;
  againstValue: Maybe<Scalars['Float']['output']>;
  /** the value in the baseline */
  before: Maybe<Scalars['Float']['output']>;
  /** end of the window it is of */
  end: Scalars['DateTime']['output'];
  /** the rate or mean that decided */
  figure: Scalars['String']['output'];
  group: Scalars['String']['output'];
  groupKey: Scalars['String']['output'];
  groupValue: Maybe<Scalars['Float']['output']>;
  high: Maybe<Scalars['Float']['output']>;
  /** difference, ratio or means */
  kind: Scalars['String']['output'];
  level: Maybe<Level>;
  low: Maybe<Scalars['Float']['output']>;
  metric: Scalars['String']['output'];
  /** adjusted for all comparisons of the window */
  pValue: Maybe<Scalars['Float']['output']>;
  rows: Maybe<Scalars['Float']['output']>;
  single: Maybe<Level>;
  /** the rule was already broken in the baseline */
  stood: Scalars['Boolean']['output'];
  text: Scalars['String']['output'];
  thresholdCritical: Scalars['Float']['output'];
  thresholdWarning: Scalars['Float']['output'];
  title: Scalars['String']['output'];
  value: Maybe<Scalars['Float']['output']>;
};

export type Distribution = {
  /** numeric: at most 60 bars of ascending, touching ranges; lower/upper null = open end. Shares are of all rows. */
  bars: Array<Bar>;
  /** categories: most frequent in the reference first, then 'other' and 'unseen' as specials */
  categories: Array<CategoryShare>;
  kind: ColumnKind;
  /** the PSI groups that moved most, largest part of PSI first */
  moved: Array<Moved>;
  referenceLabel: Scalars['String']['output'];
  referenceMean: Maybe<Scalars['Float']['output']>;
  referenceMedian: Maybe<Scalars['Float']['output']>;
  referenceRows: Scalars['Float']['output'];
  /** null, nan, infinite, mistyped, below, above, other, unseen: those that occur in either */
  specials: Array<SpecialShare>;
  windowEnd: Scalars['DateTime']['output'];
  windowMean: Maybe<Scalars['Float']['output']>;
  windowMedian: Maybe<Scalars['Float']['output']>;
  windowRows: Scalars['Float']['output'];
  windowStart: Scalars['DateTime']['output'];
};

export type DriftLine = {
  centroid: Maybe<Scalars['Float']['output']>;
  /** what the metric stays under in 99 % of windows without change, newest window */
  chance: Maybe<Scalars['Float']['output']>;
  kind: ColumnKind;
  kl: Maybe<Scalars['Float']['output']>;
  ks: Maybe<Scalars['Float']['output']>;
  /** of the newest window, all metrics */
  level: Level;
  /** level of the column (all metrics) at each of `times` */
  levels: Array<Level>;
  /** of `values` and `chance`: the chosen one, but MMD for vectors where PSI is chosen (same scale) */
  metric: DriftMetric;
  mmd: Maybe<Scalars['Float']['output']>;
  name: Scalars['String']['output'];
  nulls: Maybe<Scalars['Float']['output']>;
  psi: Maybe<Scalars['Float']['output']>;
  role: ColumnRole;
  since: Maybe<Scalars['DateTime']['output']>;
  /** of the metric at each of `times`; null = no data */
  values: Array<Maybe<Scalars['Float']['output']>>;
};

/** One column of the heat map is one window; `times` are window ends, ascending, at most about 500 (the worst of each stretch is kept). */
export type DriftMap = {
  /** of the newest window */
  critical: Scalars['Int']['output'];
  /** the worst first */
  lines: Array<DriftLine>;
  metric: DriftMetric;
  notice: Scalars['Int']['output'];
  rows: Array<Scalars['Float']['output']>;
  thresholdCritical: Maybe<Scalars['Float']['output']>;
  thresholdWarning: Maybe<Scalars['Float']['output']>;
  times: Array<Scalars['DateTime']['output']>;
  warning: Scalars['Int']['output'];
};

export type DriftMetric =
  | 'CENTROID'
  | 'CHI_SQUARE'
  | 'INFINITE'
  | 'KL'
  | 'KS'
  | 'MISTYPED'
  | 'MMD'
  | 'NANS'
  | 'NULLS'
  | 'OUTSIDE'
  | 'PSI'
  | 'SMOOTH'
  | 'UNSEEN';

/** Labelled predictions by error: prediction less actual. */
export type ErrorBar = {
  lower: Maybe<Scalars['Float']['output']>;
  rows: Scalars['Float']['output'];
  upper: Maybe<Scalars['Float']['output']>;
};

export type EvaluationState =
  | 'ERROR'
  | 'EVALUATED'
  | 'INSUFFICIENT_DATA'
  | 'NO_DATA';

/** The sequential test of a critical model, which looks after every batch. */
export type Evidence = {
  /** the nearest to an alarm first */
  columns: Array<ColumnEvidence>;
  falseAlertsPer1000Days: Scalars['Float']['output'];
  /** why it is off or waits, or what it began with */
  reason: Scalars['String']['output'];
  rows: Scalars['Float']['output'];
  since: Maybe<Scalars['DateTime']['output']>;
  /** off, waiting or running */
  state: Scalars['String']['output'];
  updated: Maybe<Scalars['DateTime']['output']>;
};

/** A protected attribute, or several that are crossed. */
export type FairAttribute = {
  /** the group that the others are held against */
  against: Maybe<Scalars['String']['output']>;
  crossed: Scalars['Boolean']['output'];
  /** the worst first */
  disparities: Array<Disparity>;
  groups: Array<FairGroup>;
  key: Scalars['String']['output'];
  level: Maybe<Level>;
  lines: Array<GroupLine>;
  /** e.g. 'sex', or 'race and sex' */
  name: Scalars['String']['output'];
  spreads: Array<FairSpread>;
};


/** A protected attribute, or several that are crossed. */
export type FairAttributeLinesArgs = {
  name: Scalars['String']['input'];
};

export type FairGroup = {
  figures: Array<GroupFigure>;
  /** the others are held against this group */
  isReference: Scalars['Boolean']['output'];
  key: Scalars['String']['output'];
  label: Scalars['String']['output'];
  level: Maybe<Level>;
  rows: Maybe<Scalars['Float']['output']>;
};

/** A metric over all groups of an attribute, as fairlearn defines it; it is not judged. */
export type FairSpread = {
  end: Scalars['DateTime']['output'];
  metric: Scalars['String']['output'];
  title: Scalars['String']['output'];
  value: Maybe<Scalars['Float']['output']>;
};

/** Whether groups are treated alike; what needs labels is of the newest mature window. */
export type Fairness = {
  /** the worst first */
  attributes: Array<FairAttribute>;
  /** the label that people want */
  favourable: Scalars['String']['output'];
  /** place of the newest mature window in `windows` */
  newest: Maybe<Scalars['Int']['output']>;
  reason: Scalars['String']['output'];
  /** off, building, waiting, no_labels, immature or ready */
  state: Scalars['String']['output'];
  version: Scalars['String']['output'];
  windows: Array<OutcomeWindow>;
};

export type FalseAlarms = {
  /** the same when windows are independent of each other */
  alertsAbout: Scalars['Float']['output'];
  /** in 30 days without change, whatever luck does */
  alertsAtMost: Scalars['Float']['output'];
  alertsPer1000Days: Scalars['Float']['output'];
  columns: Scalars['Int']['output'];
  looksPerDay: Scalars['Float']['output'];
  /** windows in 30 days that show a notice, which nobody is sent */
  notices: Scalars['Float']['output'];
  rows: Scalars['Float']['output'];
};

export type FeatureCause = {
  /** PSI beyond chance, over the checked windows of the range */
  drift: Scalars['Float']['output'];
  /** the share of the score's variance that its bins explain */
  importance: Scalars['Float']['output'];
  name: Scalars['String']['output'];
  /** how far it may have moved the mean score, in standard deviations */
  reach: Scalars['Float']['output'];
  sentence: Scalars['String']['output'];
  share: Scalars['Float']['output'];
};

export type GroupFigure = {
  /** end of the window it is of */
  end: Scalars['DateTime']['output'];
  /** e.g. selection_rate, true_positive_rate, false_positive_rate */
  figure: Scalars['String']['output'];
  high: Maybe<Scalars['Float']['output']>;
  low: Maybe<Scalars['Float']['output']>;
  rows: Scalars['Float']['output'];
  title: Scalars['String']['output'];
  value: Maybe<Scalars['Float']['output']>;
};

/** One group at each of `windows`. */
export type GroupLine = {
  group: Scalars['String']['output'];
  groupKey: Scalars['String']['output'];
  highs: Array<Maybe<Scalars['Float']['output']>>;
  levels: Array<Maybe<Level>>;
  lows: Array<Maybe<Scalars['Float']['output']>>;
  values: Array<Maybe<Scalars['Float']['output']>>;
};

/** How good a model was in its newest window whose labels have come. */
export type Headline = {
  baseline: Maybe<Scalars['Float']['output']>;
  end: Scalars['DateTime']['output'];
  level: Level;
  metric: Scalars['String']['output'];
  title: Scalars['String']['output'];
  /** share, number, times or target */
  unit: Scalars['String']['output'];
  value: Scalars['Float']['output'];
};

export type HelpedVerdict =
  | 'DID_NOT_HELP'
  | 'HELPED'
  | 'UNKNOWN';

export type History = {
  levels: Array<Level>;
  lines: Array<HistoryLine>;
  rows: Array<Scalars['Float']['output']>;
  times: Array<Scalars['DateTime']['output']>;
};

export type HistoryLine = {
  chance: Array<Maybe<Scalars['Float']['output']>>;
  metric: DriftMetric;
  thresholdCritical: Maybe<Scalars['Float']['output']>;
  thresholdWarning: Maybe<Scalars['Float']['output']>;
  values: Array<Maybe<Scalars['Float']['output']>>;
};

/** How long labels took, in seconds. */
export type LabelDelays = {
  bars: Array<DelayBar>;
  p50: Maybe<Scalars['Float']['output']>;
  p90: Maybe<Scalars['Float']['output']>;
  p99: Maybe<Scalars['Float']['output']>;
};

/** What has become of the labels of a model, all versions and environments. */
export type Labels = {
  /** labels that replaced an earlier one */
  corrected: Scalars['Int']['output'];
  /** given up after the horizon */
  expired: Scalars['Int']['output'];
  horizonDays: Scalars['Float']['output'];
  matched: Scalars['Int']['output'];
  /** no prediction of that id is known yet; they are tried again */
  orphaned: Scalars['Int']['output'];
  repeated: Scalars['Int']['output'];
  /** received and not joined yet */
  waiting: Scalars['Int']['output'];
};

export type Level =
  | 'CRITICAL'
  | 'ERROR'
  | 'INSUFFICIENT_DATA'
  | 'NOTICE'
  | 'NO_DATA'
  | 'OK'
  | 'WARNING';

/** Words that an alert must fit; '' and null fit everything. */
export type Matcher = {
  atLeast: Maybe<Level>;
  atMost: Maybe<Level>;
  environment: Scalars['String']['output'];
  /** must fit every column that the alert names */
  feature: Scalars['String']['output'];
  kind: Scalars['String']['output'];
  /** `*` stands for any text, as in kind and feature */
  model: Scalars['String']['output'];
  version: Scalars['String']['output'];
};

/** Words that an alert must fit; what is left out fits everything, but not all may be. */
export type MatcherInput = {
  atLeast?: InputMaybe<Level>;
  atMost?: InputMaybe<Level>;
  environment?: Scalars['String']['input'];
  feature?: Scalars['String']['input'];
  kind?: Scalars['String']['input'];
  model?: Scalars['String']['input'];
  version?: Scalars['String']['input'];
};

/** Which alerts that go on a matcher means; at most 100 are listed. */
export type Meant = {
  alerts: Array<Alert>;
  count: Scalars['Int']['output'];
  models: Scalars['Int']['output'];
};

export type Message = {
  /** the numbers of the alerts that it names */
  alerts: Array<Scalars['Int']['output']>;
  attempts: Scalars['Int']['output'];
  channel: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  doneAt: Maybe<Scalars['DateTime']['output']>;
  error: Scalars['String']['output'];
  event: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  /** the same on every try */
  key: Scalars['String']['output'];
  level: Level;
  nextAt: Maybe<Scalars['DateTime']['output']>;
  /** waiting, sent, dead or dropped */
  state: Scalars['String']['output'];
  title: Scalars['String']['output'];
};

export type Method = {
  chance: Maybe<Scalars['Float']['output']>;
  label: Scalars['String']['output'];
  level: Level;
  metric: Scalars['String']['output'];
  pValue: Maybe<Scalars['Float']['output']>;
  thresholdCritical: Maybe<Scalars['Float']['output']>;
  thresholdWarning: Maybe<Scalars['Float']['output']>;
  value: Scalars['Float']['output'];
};

/** What must be known of a value before it is compared with another program's. */
export type MethodFacts = {
  base: Maybe<Scalars['String']['output']>;
  citation: Scalars['String']['output'];
  compares: Scalars['String']['output'];
  groups: Scalars['String']['output'];
  label: Scalars['String']['output'];
  metric: Scalars['String']['output'];
  thresholdCritical: Maybe<Scalars['Float']['output']>;
  thresholdWarning: Maybe<Scalars['Float']['output']>;
};

export type MetricFacts = {
  /** one of the few metrics of its task that may raise a model */
  headline: Scalars['Boolean']['output'];
  high: Maybe<Scalars['Float']['output']>;
  /** the least it can be; null = no end */
  low: Maybe<Scalars['Float']['output']>;
  metric: Scalars['String']['output'];
  source: Scalars['String']['output'];
  title: Scalars['String']['output'];
  /** share (write in per cent), number, times, or target (unit of the target) */
  unit: Scalars['String']['output'];
  upIsGood: Maybe<Scalars['Boolean']['output']>;
};

export type MetricFigure = {
  baseline: Maybe<Scalars['Float']['output']>;
  high: Maybe<Scalars['Float']['output']>;
  /** the class it is of; '' = all */
  label: Scalars['String']['output'];
  level: Maybe<Level>;
  low: Maybe<Scalars['Float']['output']>;
  metric: Scalars['String']['output'];
  rows: Scalars['Float']['output'];
  single: Maybe<Level>;
  text: Scalars['String']['output'];
  title: Scalars['String']['output'];
  value: Maybe<Scalars['Float']['output']>;
};

export type MetricPoint = {
  /** mean of the first weeks */
  baseline: Maybe<Scalars['Float']['output']>;
  /** 95 % of such samples lie between */
  high: Maybe<Scalars['Float']['output']>;
  labelled: Scalars['Float']['output'];
  level: Level;
  low: Maybe<Scalars['Float']['output']>;
  mature: Scalars['Boolean']['output'];
  rows: Scalars['Float']['output'];
  text: Scalars['String']['output'];
  /** the end of the window */
  timestamp: Scalars['DateTime']['output'];
  /** null = nothing to take it of, or the error that text tells */
  value: Maybe<Scalars['Float']['output']>;
};

/** What an expression is for the newest window; nothing is saved. */
export type MetricPreview = {
  /** why there is no value, else '' */
  error: Scalars['String']['output'];
  high: Maybe<Scalars['Float']['output']>;
  labelled: Scalars['Float']['output'];
  low: Maybe<Scalars['Float']['output']>;
  rows: Scalars['Float']['output'];
  value: Maybe<Scalars['Float']['output']>;
  windowEnd: Maybe<Scalars['DateTime']['output']>;
  windowStart: Maybe<Scalars['DateTime']['output']>;
};

export type MetricSeries = {
  /** ascending, at most about 500 (the worst of each stretch is kept) */
  dataPoints: Array<MetricPoint>;
  /** why the newest window failed, else '' */
  error: Scalars['String']['output'];
  /** of the newest window that could be judged, as text is */
  level: Level;
  text: Scalars['String']['output'];
  version: Scalars['String']['output'];
  /** windows that are still to be computed */
  waiting: Scalars['Int']['output'];
};

export type Model = {
  alerts: Array<Alert>;
  /** charts mark these: the binning was replaced, so values before and after are on different bins */
  breaks: Array<Scalars['DateTime']['output']>;
  causes: Causes;
  /** rows that senders say they dropped */
  clientDropped: Scalars['Float']['output'];
  column: Maybe<ColumnDetail>;
  columns: Array<Column>;
  conceptDrift: ConceptDrift;
  customMetrics: Array<CustomMetric>;
  drift: DriftMap;
  environment: Scalars['String']['output'];
  evidence: Evidence;
  fairness: Fairness;
  falseAlarms: FalseAlarms;
  firstEvent: Maybe<Scalars['DateTime']['output']>;
  gridSeconds: Scalars['Int']['output'];
  /** rows held back until a reference stands; 0 when one does */
  heldRows: Scalars['Int']['output'];
  holdTarget: Scalars['Int']['output'];
  id: Scalars['String']['output'];
  level: Level;
  live: Scalars['Boolean']['output'];
  metricPreview: MetricPreview;
  minRows: Scalars['Int']['output'];
  now: Scalars['DateTime']['output'];
  performance: Performance;
  positiveLabel: Maybe<Scalars['String']['output']>;
  /** how many different values, and repeated ids */
  quality: Quality;
  /** rows without a usable value, or one that the reference never had */
  rates: RateMap;
  reason: Scalars['String']['output'];
  /** what windows are compared with now */
  reference: Maybe<Reference>;
  /** all that the model has had, the newest first */
  references: Array<Reference>;
  schemaChanges: Array<SchemaChange>;
  segmentPerformance: PerformanceBySegment;
  segments: Segments;
  /** what the server decides */
  settingDefaults: ModelSettings;
  /** what was set; null = the server decides */
  settings: ModelSettings;
  /** false alarms now and with changes that are not saved; they are the body of PATCH */
  settingsPreview: SettingsPreview;
  since: Maybe<Scalars['DateTime']['output']>;
  task: Scalars['String']['output'];
  version: Scalars['String']['output'];
  versions: Array<Version>;
  windowSeconds: Scalars['Int']['output'];
  worstSegments: WorstSegments;
};


export type ModelAlertsArgs = {
  limit?: Scalars['Int']['input'];
};


export type ModelCausesArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
  loss?: InputMaybe<Scalars['String']['input']>;
  start?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ModelColumnArgs = {
  name: Scalars['String']['input'];
  role?: ColumnRole;
  segment?: Scalars['String']['input'];
};


export type ModelCustomMetricsArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  start?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ModelDriftArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
  metric?: DriftMetric;
  segment?: Scalars['String']['input'];
  start?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ModelFairnessArgs = {
  attribute?: InputMaybe<Scalars['String']['input']>;
  end?: InputMaybe<Scalars['DateTime']['input']>;
  start?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ModelMetricPreviewArgs = {
  expression: Scalars['String']['input'];
};


export type ModelPerformanceArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
  metric?: InputMaybe<Scalars['String']['input']>;
  segment?: Scalars['String']['input'];
  start?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ModelQualityArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
  start?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ModelRatesArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
  start?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ModelSchemaChangesArgs = {
  limit?: Scalars['Int']['input'];
};


export type ModelSegmentPerformanceArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
  start?: InputMaybe<Scalars['DateTime']['input']>;
};


export type ModelSettingsPreviewArgs = {
  changes: Scalars['JSON']['input'];
};


export type ModelWorstSegmentsArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
  loss?: InputMaybe<Scalars['String']['input']>;
  start?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelSettings = {
  alertsPer1000Days: Maybe<Scalars['Float']['output']>;
  checkIntervalSeconds: Maybe<Scalars['Float']['output']>;
  critical: Scalars['Boolean']['output'];
  /** protected attributes, as in a PATCH: {"attributes": [{"name": "sex", "role": "tag"}]}; null = none */
  fairness: Maybe<Scalars['JSON']['output']>;
  k: Maybe<Scalars['Int']['output']>;
  /** how long a label is awaited */
  labelHorizonDays: Maybe<Scalars['Float']['output']>;
  /** metrics of your own, as in a PATCH */
  metrics: Scalars['JSON']['output'];
  missingCritical: Maybe<Scalars['Float']['output']>;
  /** share of rows above the reference's */
  missingWarning: Maybe<Scalars['Float']['output']>;
  /** k of n windows that do not overlap must agree */
  n: Maybe<Scalars['Int']['output']>;
  positiveLabel: Maybe<Scalars['String']['output']>;
  psiCritical: Maybe<Scalars['Float']['output']>;
  psiWarning: Maybe<Scalars['Float']['output']>;
  /** what windows are compared with, as in a PATCH: {"kind": "seasonal", "weeks": 8}; null = an uploaded reference, else the first rows */
  reference: Maybe<Scalars['JSON']['output']>;
  segments: SegmentSettings;
  task: Maybe<Scalars['String']['output']>;
  /** 5m, 1h, 6h, 1d, 7d, 28d, or auto */
  window: Scalars['String']['output'];
};

export type ModelSummary = {
  columns: Scalars['Int']['output'];
  /** largest PSI of any feature at the end of each of these days; null without a check */
  drift: Array<Maybe<Scalars['Float']['output']>>;
  drifted: Scalars['Int']['output'];
  environment: Scalars['String']['output'];
  /** null until labels have come */
  headline: Maybe<Headline>;
  id: Scalars['String']['output'];
  level: Level;
  live: Scalars['Boolean']['output'];
  /** the model's own now: wall clock when live, else its newest event */
  now: Scalars['DateTime']['output'];
  openAlerts: Scalars['Int']['output'];
  predictionsPerDay: Scalars['Float']['output'];
  /** at most 3, worst first */
  raised: Array<Raised>;
  /** in plain words why the level is what it is, e.g. '312 of 1,000 rows until a reference stands' */
  reason: Scalars['String']['output'];
  /** since when (event time) the model has had this level; null when unknown */
  since: Maybe<Scalars['DateTime']['output']>;
  task: Scalars['String']['output'];
  /** predictions on each of the last 30 days of the model's own now, oldest first */
  traffic: Array<Scalars['Float']['output']>;
  /** the newest version */
  version: Scalars['String']['output'];
};

export type Moved = {
  label: Scalars['String']['output'];
  part: Scalars['Float']['output'];
  reference: Scalars['Float']['output'];
  window: Scalars['Float']['output'];
};

export type Mutation = {
  acknowledgeAlert: Alert;
  approveRun: ActionRun;
  assignAlert: Alert;
  changeSettings: ModelSettings;
  commentOnAlert: Alert;
  createSilence: Silence;
  decideAlerts: DecidedAlerts;
  deleteAction: Scalars['Boolean']['output'];
  deleteChannel: Scalars['Boolean']['output'];
  deleteRule: Scalars['String']['output'];
  dropMessage: Message;
  expireSilence: Silence;
  extendSilence: Silence;
  rejectRun: ActionRun;
  removeMuteTime: Scalars['Boolean']['output'];
  reopenAlert: Alert;
  resolveAlert: Alert;
  retryMessage: Message;
  saveAction: Action;
  saveChannel: Channel;
  saveRule: AlertRule;
  setMuteTime: MuteTime;
  setRuleEnabled: AlertRule;
  silenceAlert: Alert;
  testChannel: TestedChannel;
  unacknowledgeAlert: Alert;
  unsilenceAlert: Alert;
};


export type MutationAcknowledgeAlertArgs = {
  by?: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  id: Scalars['ID']['input'];
};


export type MutationApproveRunArgs = {
  by: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  id: Scalars['ID']['input'];
};


export type MutationAssignAlertArgs = {
  by?: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  id: Scalars['ID']['input'];
  to: Scalars['String']['input'];
};


export type MutationChangeSettingsArgs = {
  changes: Scalars['JSON']['input'];
  id: Scalars['String']['input'];
};


export type MutationCommentOnAlertArgs = {
  by?: Scalars['String']['input'];
  comment: Scalars['String']['input'];
  id: Scalars['ID']['input'];
};


export type MutationCreateSilenceArgs = {
  silence: SilenceInput;
};


export type MutationDecideAlertsArgs = {
  by?: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  hours?: Scalars['Float']['input'];
  ids: Array<Scalars['ID']['input']>;
  to?: Scalars['String']['input'];
  verb: AlertVerb;
};


export type MutationDeleteActionArgs = {
  name: Scalars['String']['input'];
};


export type MutationDeleteChannelArgs = {
  name: Scalars['String']['input'];
};


export type MutationDeleteRuleArgs = {
  by?: Scalars['String']['input'];
  id: Scalars['ID']['input'];
};


export type MutationDropMessageArgs = {
  id: Scalars['ID']['input'];
};


export type MutationExpireSilenceArgs = {
  id: Scalars['ID']['input'];
};


export type MutationExtendSilenceArgs = {
  endsAt?: InputMaybe<Scalars['String']['input']>;
  hours?: InputMaybe<Scalars['Float']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationRejectRunArgs = {
  by: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  id: Scalars['ID']['input'];
};


export type MutationRemoveMuteTimeArgs = {
  name: Scalars['String']['input'];
};


export type MutationReopenAlertArgs = {
  by?: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  id: Scalars['ID']['input'];
};


export type MutationResolveAlertArgs = {
  by?: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  id: Scalars['ID']['input'];
};


export type MutationRetryMessageArgs = {
  id: Scalars['ID']['input'];
};


export type MutationSaveActionArgs = {
  action: Scalars['JSON']['input'];
};


export type MutationSaveChannelArgs = {
  changes: Scalars['JSON']['input'];
  kind?: InputMaybe<Scalars['String']['input']>;
  name: Scalars['String']['input'];
};


export type MutationSaveRuleArgs = {
  by?: Scalars['String']['input'];
  rule: Scalars['JSON']['input'];
  ruleId?: InputMaybe<Scalars['ID']['input']>;
};


export type MutationSetMuteTimeArgs = {
  muteTime: MuteTimeInput;
  name: Scalars['String']['input'];
};


export type MutationSetRuleEnabledArgs = {
  by?: Scalars['String']['input'];
  enabled: Scalars['Boolean']['input'];
  id: Scalars['ID']['input'];
};


export type MutationSilenceAlertArgs = {
  by?: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  hours: Scalars['Float']['input'];
  id: Scalars['ID']['input'];
};


export type MutationTestChannelArgs = {
  name: Scalars['String']['input'];
};


export type MutationUnacknowledgeAlertArgs = {
  by?: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  id: Scalars['ID']['input'];
};


export type MutationUnsilenceAlertArgs = {
  by?: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  id: Scalars['ID']['input'];
};

export type MuteSpan = {
  end: Scalars['String']['output'];
  /** e.g. 18:00; what ends before it begins ends on the next day */
  start: Scalars['String']['output'];
  /** mon to sun */
  weekdays: Array<Scalars['String']['output']>;
};

export type MuteSpanInput = {
  end: Scalars['String']['input'];
  start: Scalars['String']['input'];
  weekdays: Array<Scalars['String']['input']>;
};

export type MuteTime = {
  matcher: Matcher;
  name: Scalars['String']['output'];
  spans: Array<MuteSpan>;
  /** when the mute that goes on now ends */
  until: Maybe<Scalars['DateTime']['output']>;
  zone: Scalars['String']['output'];
};

export type MuteTimeInput = {
  matcher: MatcherInput;
  spans: Array<MuteSpanInput>;
  zone: Scalars['String']['input'];
};

/** A method that no check stores; it decides no level. */
export type OnRequest = {
  binning: Scalars['String']['output'];
  chance: Maybe<Scalars['Float']['output']>;
  facts: MethodFacts;
  pValue: Maybe<Scalars['Float']['output']>;
  value: Scalars['Float']['output'];
};

/** One window of predictions, and how far its labels are. */
export type OutcomeWindow = {
  /** labelled / seen */
  coverage: Scalars['Float']['output'];
  end: Scalars['DateTime']['output'];
  /** what coverage should be by now, by past delays */
  expected: Maybe<Scalars['Float']['output']>;
  /** what coverage will come to */
  final: Maybe<Scalars['Float']['output']>;
  /** predictions whose truth is known */
  labelled: Scalars['Float']['output'];
  /** the worst of everything that was judged in it */
  level: Level;
  /** nearly all labels that will come are there; only then it is judged */
  mature: Scalars['Boolean']['output'];
  /** when it is looked at again, by past delays */
  matureAt: Maybe<Scalars['DateTime']['output']>;
  /** why it is not mature; '' when it is */
  reason: Scalars['String']['output'];
  /** predictions */
  seen: Scalars['Float']['output'];
  start: Scalars['DateTime']['output'];
};

/** How good a version was over time; lists of a line are parallel to `windows`. */
export type Performance = {
  baseline: Maybe<PerformanceBaseline>;
  /** a change of the errors was found in this range */
  conceptDrift: Scalars['Boolean']['output'];
  labels: Labels;
  lines: Array<PerformanceLine>;
  metrics: Array<MetricFacts>;
  /** place of the newest mature window in `windows` */
  newest: Maybe<Scalars['Int']['output']>;
  /** why there is nothing to show yet; '' when ready */
  reason: Scalars['String']['output'];
  /** off, building, waiting, no_labels, immature or ready */
  state: Scalars['String']['output'];
  target: Maybe<TargetLine>;
  task: Scalars['String']['output'];
  /** degrading, improving, stable or unknown */
  trend: Scalars['String']['output'];
  version: Scalars['String']['output'];
  window: Maybe<PerformanceWindow>;
  /** ascending, at most about 500: of each stretch of a long range the worst */
  windows: Array<OutcomeWindow>;
};


/** How good a version was over time; lists of a line are parallel to `windows`. */
export type PerformanceWindowArgs = {
  end?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What windows are held against. */
export type PerformanceBaseline = {
  end: Maybe<Scalars['DateTime']['output']>;
  /** reference, or first_weeks (the version's own) */
  kind: Scalars['String']['output'];
  rows: Scalars['Float']['output'];
  start: Maybe<Scalars['DateTime']['output']>;
};

/** How good a version was in each of its segments, from what is counted. */
export type PerformanceBySegment = {
  end: Maybe<Scalars['DateTime']['output']>;
  headlines: Array<Scalars['String']['output']>;
  /** whether the labels of the window have come */
  mature: Scalars['Boolean']['output'];
  /** why none is shown, else '' */
  reason: Scalars['String']['output'];
  /** certainly worse ones first, then the worst */
  segments: Array<SegmentRow>;
  start: Maybe<Scalars['DateTime']['output']>;
  whole: Maybe<SegmentRow>;
};

/** One metric at each of `windows`. Values before a window is mature may mislead. */
export type PerformanceLine = {
  baseline: Maybe<Scalars['Float']['output']>;
  /** what was expected before labels came */
  estimated: Array<Maybe<Scalars['Float']['output']>>;
  estimatedHighs: Array<Maybe<Scalars['Float']['output']>>;
  estimatedLevels: Array<Maybe<Level>>;
  estimatedLows: Array<Maybe<Scalars['Float']['output']>>;
  estimatedSingles: Array<Maybe<Level>>;
  highs: Array<Maybe<Scalars['Float']['output']>>;
  /** the class it is of; '' = all */
  label: Scalars['String']['output'];
  /** over disjoint windows; null where nothing is judged */
  levels: Array<Maybe<Level>>;
  /** `lows` to `highs` is the 95 % interval */
  lows: Array<Maybe<Scalars['Float']['output']>>;
  metric: Scalars['String']['output'];
  rows: Array<Maybe<Scalars['Float']['output']>>;
  /** what each window says alone */
  singles: Array<Maybe<Level>>;
  texts: Array<Scalars['String']['output']>;
  thresholdCritical: Maybe<Scalars['Float']['output']>;
  /** the value from which on the loss is large */
  thresholdWarning: Maybe<Scalars['Float']['output']>;
  title: Scalars['String']['output'];
  values: Array<Maybe<Scalars['Float']['output']>>;
};

/** One window close up. */
export type PerformanceWindow = {
  baselineCalibration: Array<CalibrationPoint>;
  baselineConfusion: Maybe<ConfusionMatrix>;
  baselineRoc: Array<CurvePoint>;
  calibration: Array<CalibrationPoint>;
  confusion: Maybe<ConfusionMatrix>;
  delays: LabelDelays;
  errors: Array<ErrorBar>;
  /** all metrics, those of each class after the others */
  figures: Array<MetricFigure>;
  pr: Array<CurvePoint>;
  roc: Array<CurvePoint>;
  /** the class that curves are of; '' = the predicted one of many */
  scored: Scalars['String']['output'];
  scores: Array<ScoreBar>;
  /** of the first headline metric, the worst first */
  segments: Array<SegmentPerformance>;
  task: Scalars['String']['output'];
  window: OutcomeWindow;
};

/** The newest window; its unusable rows are under `rates`. */
export type Quality = {
  /** the worst first */
  cardinality: Array<Cardinality>;
  end: Maybe<Scalars['DateTime']['output']>;
  referenceRows: Scalars['Float']['output'];
  /** null where no ids were kept */
  repeatedIds: Maybe<RepeatedIds>;
  rows: Scalars['Float']['output'];
  start: Maybe<Scalars['DateTime']['output']>;
};

export type Query = {
  actionRuns: Array<ActionRun>;
  actions: Array<Action>;
  alert: Maybe<Alert>;
  alertCounts: Array<AlertCount>;
  alertGroup: Maybe<AlertGroup>;
  alerts: Array<Alert>;
  backTest: BackTest;
  channelKinds: Array<ChannelKind>;
  channels: Array<Channel>;
  digest: DigestPreview;
  messages: Array<Message>;
  model: Maybe<Model>;
  models: Array<ModelSummary>;
  muteTimes: Array<MuteTime>;
  rule: Maybe<AlertRule>;
  ruleMetrics: RuleMetrics;
  rules: Array<AlertRule>;
  silencePreview: Meant;
  silences: Array<Silence>;
  system: System;
  tryAction: Maybe<ActionTrial>;
};


export type QueryActionRunsArgs = {
  action?: InputMaybe<Scalars['String']['input']>;
  alertId?: InputMaybe<Scalars['ID']['input']>;
  limit?: Scalars['Int']['input'];
  modelId?: InputMaybe<Scalars['String']['input']>;
  states?: InputMaybe<Array<RunState>>;
};


export type QueryAlertArgs = {
  id: Scalars['ID']['input'];
};


export type QueryAlertCountsArgs = {
  environment?: InputMaybe<Scalars['String']['input']>;
  modelId?: InputMaybe<Scalars['String']['input']>;
  where?: InputMaybe<AlertsWanted>;
};


export type QueryAlertGroupArgs = {
  id: Scalars['ID']['input'];
};


export type QueryAlertsArgs = {
  after?: InputMaybe<Scalars['ID']['input']>;
  environment?: InputMaybe<Scalars['String']['input']>;
  limit?: Scalars['Int']['input'];
  modelId?: InputMaybe<Scalars['String']['input']>;
  where?: InputMaybe<AlertsWanted>;
};


export type QueryBackTestArgs = {
  days?: Scalars['Int']['input'];
  rule: Scalars['JSON']['input'];
};


export type QueryDigestArgs = {
  channel: Scalars['String']['input'];
};


export type QueryMessagesArgs = {
  before?: InputMaybe<Scalars['ID']['input']>;
  channel?: InputMaybe<Scalars['String']['input']>;
  limit?: Scalars['Int']['input'];
  states?: InputMaybe<Array<Scalars['String']['input']>>;
};


export type QueryModelArgs = {
  environment?: Scalars['String']['input'];
  id: Scalars['String']['input'];
  version?: InputMaybe<Scalars['String']['input']>;
};


export type QueryRuleArgs = {
  id: Scalars['ID']['input'];
};


export type QueryRuleMetricsArgs = {
  modelId?: InputMaybe<Scalars['String']['input']>;
};


export type QueryRulesArgs = {
  modelId?: InputMaybe<Scalars['String']['input']>;
};


export type QuerySilencePreviewArgs = {
  matcher: MatcherInput;
};


export type QuerySilencesArgs = {
  ended?: Scalars['Boolean']['input'];
};


export type QueryTryActionArgs = {
  id: Scalars['ID']['input'];
  name: Scalars['String']['input'];
};

export type Raised = {
  column: Scalars['String']['output'];
  level: Level;
  metric: DriftMetric;
  role: ColumnRole;
  value: Scalars['Float']['output'];
};

export type RateCell = {
  /** share of the reference's rows */
  before: Maybe<Scalars['Float']['output']>;
  /** what the share stays under in 99 % of windows without change */
  chance: Maybe<Scalars['Float']['output']>;
  /** of this kind of row in the newest window; raised only once its column is */
  level: Level;
  metric: DriftMetric;
  pValue: Maybe<Scalars['Float']['output']>;
  since: Maybe<Scalars['DateTime']['output']>;
  value: Scalars['Float']['output'];
  /** the largest share in each stretch that ends at `times`; empty where there never was one */
  values: Array<Maybe<Scalars['Float']['output']>>;
};

export type RateLine = {
  /** kinds of rows that have a meaning for the column */
  cells: Array<RateCell>;
  kind: ColumnKind;
  /** the worst of its cells */
  level: Level;
  name: Scalars['String']['output'];
  role: ColumnRole;
  since: Maybe<Scalars['DateTime']['output']>;
};

export type RateMap = {
  /** of the newest window; null before the first check */
  end: Maybe<Scalars['DateTime']['output']>;
  /** the worst first */
  lines: Array<RateLine>;
  referenceRows: Scalars['Float']['output'];
  rows: Scalars['Float']['output'];
  /** ends of at most 60 stretches, ascending */
  times: Array<Scalars['DateTime']['output']>;
};

export type Reference = {
  /** when it came or was chosen */
  createdAt: Scalars['DateTime']['output'];
  end: Maybe<Scalars['DateTime']['output']>;
  /** uploaded, first_rows, window, moving or seasonal */
  kind: Scalars['String']['output'];
  label: Scalars['String']['output'];
  /** of a window, moving or seasonal one: for the newest window */
  rows: Scalars['Float']['output'];
  start: Maybe<Scalars['DateTime']['output']>;
  version: Scalars['String']['output'];
  /** what it lacks and what happens meanwhile, in words; null when it is in use */
  waiting: Maybe<Scalars['String']['output']>;
};

export type RefusedAlert = {
  id: Scalars['ID']['output'];
  reason: Scalars['String']['output'];
};

/** The share of rows whose prediction_id was seen before in the window. */
export type RepeatedIds = {
  /** true when all ids were counted, false when a sample of 256 tells */
  exact: Scalars['Boolean']['output'];
  high: Scalars['Float']['output'];
  level: Level;
  /** `low` to `high` is the 99 % interval of the share */
  low: Scalars['Float']['output'];
  rows: Scalars['Int']['output'];
  share: Scalars['Float']['output'];
};

/** A metric that a rule may name. */
export type RuleMetric = {
  family: Scalars['String']['output'];
  /** a change against the baseline may be asked for */
  hasBaseline: Scalars['Boolean']['output'];
  /** outside_chance may be asked for */
  hasChance: Scalars['Boolean']['output'];
  name: Scalars['String']['output'];
  /** what it may be narrowed to: feature, segment, group, class */
  of: Array<Scalars['String']['output']>;
  title: Scalars['String']['output'];
  /** share, number, times, target, or a unit of the user's own */
  unit: Scalars['String']['output'];
  upIsGood: Maybe<Scalars['Boolean']['output']>;
};

/** What a rule may be about, for a form. */
export type RuleMetrics = {
  classes: Array<Scalars['String']['output']>;
  environments: Array<Scalars['String']['output']>;
  features: Array<Scalars['String']['output']>;
  groups: Array<Scalars['String']['output']>;
  metrics: Array<RuleMetric>;
  operators: Array<Scalars['String']['output']>;
  segments: Array<Scalars['String']['output']>;
  subjects: Array<RuleSubject>;
  versions: Array<Scalars['String']['output']>;
};

/** What was last said of a rule for one version of a model. */
export type RuleState = {
  /** the end of the window that was judged */
  at: Scalars['DateTime']['output'];
  checkedAt: Scalars['DateTime']['output'];
  environment: Scalars['String']['output'];
  modelId: Scalars['String']['output'];
  /** ok, pending, firing, no_data, insufficient_data, error or off_schedule; the last four are neither silence nor health */
  state: Scalars['String']['output'];
  /** why, in words */
  text: Scalars['String']['output'];
  version: Scalars['String']['output'];
};

/** A subject of decisions by level. */
export type RuleSubject = {
  name: Scalars['String']['output'];
  title: Scalars['String']['output'];
  what: Scalars['String']['output'];
};

export type RunState =
  | 'APPROVED'
  | 'DONE'
  | 'DRY_RUN'
  | 'EXPIRED'
  | 'FAILED'
  | 'PROPOSED'
  | 'REJECTED'
  | 'RUNNING';

export type SchemaChange = {
  after: Scalars['String']['output'];
  at: Scalars['DateTime']['output'];
  before: Scalars['String']['output'];
  change: Scalars['String']['output'];
  column: Scalars['String']['output'];
  role: Scalars['String']['output'];
  version: Scalars['String']['output'];
};

export type ScoreBar = {
  /** labelled predictions that came true */
  hits: Scalars['Float']['output'];
  lower: Scalars['Float']['output'];
  misses: Scalars['Float']['output'];
  /** all predictions, labelled or not */
  predicted: Scalars['Float']['output'];
  upper: Scalars['Float']['output'];
};

export type SegmentCause = {
  baselineLoss: Maybe<Scalars['Float']['output']>;
  baselineRows: Scalars['Float']['output'];
  baselineShare: Scalars['Float']['output'];
  /** null = the rows without a value */
  label: Maybe<Scalars['String']['output']>;
  loss: Maybe<Scalars['Float']['output']>;
  /** what its share of rows changed */
  mix: Scalars['Float']['output'];
  mixHigh: Scalars['Float']['output'];
  mixLow: Scalars['Float']['output'];
  mixP: Scalars['Float']['output'];
  name: Scalars['String']['output'];
  /** within or mix */
  named: Scalars['String']['output'];
  /** within + mix */
  part: Scalars['Float']['output'];
  role: ColumnRole;
  rows: Scalars['Float']['output'];
  sentence: Scalars['String']['output'];
  share: Scalars['Float']['output'];
  text: Scalars['String']['output'];
  /** what changed inside the segment */
  within: Scalars['Float']['output'];
  withinHigh: Scalars['Float']['output'];
  withinLow: Scalars['Float']['output'];
  withinP: Scalars['Float']['output'];
};

export type SegmentColumn = {
  name: Scalars['String']['output'];
  role: ColumnRole;
};

export type SegmentMetric = {
  /** to all rows */
  difference: Maybe<Scalars['Float']['output']>;
  high: Maybe<Scalars['Float']['output']>;
  /** of the 95 % interval */
  low: Maybe<Scalars['Float']['output']>;
  metric: Scalars['String']['output'];
  /** of the difference to the rows outside, all segments counted */
  p: Maybe<Scalars['Float']['output']>;
  title: Scalars['String']['output'];
  value: Maybe<Scalars['Float']['output']>;
  /** certainly, and in the bad direction */
  worse: Scalars['Boolean']['output'];
};

export type SegmentPart = {
  name: Scalars['String']['output'];
  role: ColumnRole;
  /** null = the rows without a value */
  value: Maybe<Scalars['String']['output']>;
};

/** A metric of one watched segment or group, in one window. */
export type SegmentPerformance = {
  baseline: Maybe<Scalars['Float']['output']>;
  high: Maybe<Scalars['Float']['output']>;
  key: Scalars['String']['output'];
  label: Scalars['String']['output'];
  low: Maybe<Scalars['Float']['output']>;
  rows: Scalars['Float']['output'];
  value: Maybe<Scalars['Float']['output']>;
};

export type SegmentRaised = {
  column: Scalars['String']['output'];
  level: Level;
  metric: DriftMetric;
  role: ColumnRole;
  value: Scalars['Float']['output'];
};

export type SegmentRanking = {
  /** named ones first, then by part */
  carriers: Array<Carrier>;
  incomplete: Scalars['Boolean']['output'];
  mix: Scalars['Float']['output'];
  /** the tag or feature that cuts the model */
  name: Scalars['String']['output'];
  role: ColumnRole;
  total: Scalars['Float']['output'];
  windowEnd: Scalars['DateTime']['output'];
  windowStart: Scalars['DateTime']['output'];
  within: Scalars['Float']['output'];
};

/** One segment, or what several protected attributes have in common. */
export type SegmentRow = {
  key: Scalars['String']['output'];
  label: Scalars['String']['output'];
  metrics: Array<SegmentMetric>;
  parts: Array<SegmentPart>;
  /** labelled rows */
  rows: Scalars['Float']['output'];
  share: Scalars['Float']['output'];
};

export type SegmentSettings = {
  columns: Array<SegmentColumn>;
  /** how many segments (values of the columns) may be watched */
  limit: Scalars['Int']['output'];
  /** off, building (past rows and the reference are being counted: figures still lack rows), or ready */
  state: Scalars['String']['output'];
};

/** One watched segment in its newest window. */
export type SegmentState = {
  /** its past rows are still being counted */
  building: Scalars['Boolean']['output'];
  drifted: Scalars['Int']['output'];
  /** what no two segments share; `segment` takes it too */
  key: Scalars['String']['output'];
  /** how people write it, e.g. region=us-west; what `segment` takes */
  label: Scalars['String']['output'];
  /** largest PSI of any feature */
  largest: Maybe<Scalars['Float']['output']>;
  level: Level;
  name: Scalars['String']['output'];
  /** at most 3, worst first */
  raised: Array<SegmentRaised>;
  reason: Scalars['String']['output'];
  referenceRows: Scalars['Float']['output'];
  role: ColumnRole;
  rows: Scalars['Float']['output'];
  since: Maybe<Scalars['DateTime']['output']>;
  /** null = the rows without a usable value */
  value: Maybe<Scalars['String']['output']>;
  windowEnd: Maybe<Scalars['DateTime']['output']>;
  windowStart: Maybe<Scalars['DateTime']['output']>;
};

export type Segments = {
  columns: Array<CutColumn>;
  limit: Scalars['Int']['output'];
  /** the worst first */
  segments: Array<SegmentState>;
  /** off, building or ready */
  state: Scalars['String']['output'];
};

export type SettingsPreview = {
  changed: FalseAlarms;
  current: FalseAlarms;
  /** what windows would be compared with */
  reference: Maybe<Reference>;
};

export type Silence = {
  /** how many alerts fit now and go on */
  alerts: Scalars['Int']['output'];
  by: Scalars['String']['output'];
  comment: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  endsAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  matcher: Matcher;
  startsAt: Scalars['DateTime']['output'];
  /** pending, active or ended */
  state: Scalars['String']['output'];
};

/** Lasts for `hours`, or until `ends_at`. */
export type SilenceInput = {
  by?: Scalars['String']['input'];
  comment?: Scalars['String']['input'];
  endsAt?: InputMaybe<Scalars['String']['input']>;
  hours?: InputMaybe<Scalars['Float']['input']>;
  matcher: MatcherInput;
  startsAt?: InputMaybe<Scalars['String']['input']>;
};

export type SliceCondition = {
  /** null = the rows without a value */
  label: Maybe<Scalars['String']['output']>;
  name: Scalars['String']['output'];
  role: ColumnRole;
  text: Scalars['String']['output'];
};

export type SpecialShare = {
  name: Scalars['String']['output'];
  reference: Scalars['Float']['output'];
  window: Scalars['Float']['output'];
};

export type Sure = {
  detail: Scalars['String']['output'];
  holds: Scalars['Boolean']['output'];
  title: Scalars['String']['output'];
};

export type System = {
  accepted: Scalars['Float']['output'];
  /** rows that senders dropped, as they say */
  clientDropped: Scalars['Float']['output'];
  /** since the api process began */
  duplicates: Scalars['Float']['output'];
  /** how many false alerts the budgets of all models allow in 30 days, at most */
  falseAlertsPerMonth: Scalars['Float']['output'];
  keyRequired: Scalars['Boolean']['output'];
  lagBytes: Scalars['Float']['output'];
  /** how far the fold is behind the log, in seconds and bytes */
  lagSeconds: Scalars['Float']['output'];
  /** whether who asks may change settings and decide on alerts */
  mayWrite: Scalars['Boolean']['output'];
  now: Scalars['DateTime']['output'];
  /** predictions per second over the last minute of arrival */
  predictionsPerSecond: Scalars['Float']['output'];
  quarantined: Scalars['Float']['output'];
  rejected: Scalars['Float']['output'];
  /** what stands still, or is not as it should be */
  stuck: Array<Scalars['String']['output']>;
  /** address clients use, e.g. http://127.0.0.1:8470 */
  url: Scalars['String']['output'];
  version: Scalars['String']['output'];
};

/** Whether what comes true has changed: PSI of the actuals at each of `windows`. */
export type TargetLine = {
  chance: Maybe<Scalars['Float']['output']>;
  levels: Array<Maybe<Level>>;
  /** of the newest window, those that moved most first */
  shares: Array<TargetShare>;
  text: Scalars['String']['output'];
  values: Array<Maybe<Scalars['Float']['output']>>;
};

export type TargetShare = {
  before: Scalars['Float']['output'];
  name: Scalars['String']['output'];
  now: Scalars['Float']['output'];
};

/** What a rule would have done for one version of a model. */
export type Tested = {
  environment: Scalars['String']['output'];
  episodes: Array<TestedEpisode>;
  /** why none ever can, else '' */
  fault: Scalars['String']['output'];
  fired: Scalars['Int']['output'];
  modelId: Scalars['String']['output'];
  /** why they could not */
  reasons: Array<Scalars['String']['output']>;
  /** windows that could not be judged */
  unjudged: Scalars['Int']['output'];
  version: Scalars['String']['output'];
  windows: Scalars['Int']['output'];
};

/** How a test message went, in the receiver's words. */
export type TestedChannel = {
  delivered: Scalars['Boolean']['output'];
  error: Scalars['String']['output'];
  permanent: Scalars['Boolean']['output'];
  seconds: Scalars['Float']['output'];
};

/** An alert that there would have been. */
export type TestedEpisode = {
  level: Level;
  openedAt: Scalars['DateTime']['output'];
  resolvedAt: Maybe<Scalars['DateTime']['output']>;
  seconds: Scalars['Float']['output'];
  title: Scalars['String']['output'];
};

export type Version = {
  firstEvent: Scalars['DateTime']['output'];
  lastEvent: Scalars['DateTime']['output'];
  reference: Maybe<Reference>;
  rows: Scalars['Float']['output'];
  version: Scalars['String']['output'];
};

/** Rows on which the model is certainly worse than elsewhere. */
export type WorstSegment = {
  /** the excess without the rows of segments before it */
  beyond: Scalars['Float']['output'];
  conditions: Array<SliceCondition>;
  /** what the mean loss would fall by if it were like the rest */
  cost: Scalars['Float']['output'];
  excess: Scalars['Float']['output'];
  high: Scalars['Float']['output'];
  loss: Scalars['Float']['output'];
  /** of the excess, everything searched counted, as are high and p */
  low: Scalars['Float']['output'];
  p: Scalars['Float']['output'];
  /** the mean loss of all other rows */
  rest: Scalars['Float']['output'];
  rows: Scalars['Int']['output'];
  sentence: Scalars['String']['output'];
  share: Scalars['Float']['output'];
  text: Scalars['String']['output'];
};

/** A search over all segments of one and two columns; days are what shares its fate. */
export type WorstSegments = {
  certain: Scalars['Int']['output'];
  columns: Array<Scalars['String']['output']>;
  columnsLeftOut: Scalars['Int']['output'];
  days: Scalars['Int']['output'];
  echoes: Scalars['Int']['output'];
  end: Scalars['DateTime']['output'];
  leftOut: Scalars['Int']['output'];
  loss: Scalars['String']['output'];
  lossTitle: Scalars['String']['output'];
  mean: Maybe<Scalars['Float']['output']>;
  rows: Scalars['Int']['output'];
  /** the share of all labelled rows that was read */
  sampled: Scalars['Float']['output'];
  searched: Scalars['Int']['output'];
  /** the worst first */
  segments: Array<WorstSegment>;
  start: Scalars['DateTime']['output'];
  told: Scalars['String']['output'];
};

export type ActionsQueryVariables = Exact<{ [key: string]: never; }>;


export type ActionsQuery = { system: { mayWrite: boolean }, actions: Array<{ name: string, on: Array<string>, models: Array<string>, minLevel: string, lastingHours: number | null, tell: Array<string>, dryRun: boolean, approval: boolean, cooldownHours: number, maxPerWeek: number, enabled: boolean, atLeast: { alerts: number, withinHours: number, anyKind: boolean } | null, webhook: { url: string, signed: boolean } | null, python: { entry: string } | null, reasons: Array<{ alertId: string, modelId: string, reason: string, at: string }> }>, actionRuns: Array<{ id: string, number: number, action: string, alertId: string, modelId: string, state: RunState, dryRun: boolean, why: string, request: Record<string, unknown>, createdAt: string, expiresAt: string | null, doneAt: string | null, history: Array<{ at: string, state: RunState, text: string, by: string }>, helped: { verdict: HelpedVerdict, text: string } | null }> };

export type SaveActionMutationVariables = Exact<{
  action: Scalars['JSON']['input'];
}>;


export type SaveActionMutation = { saveAction: { name: string } };

export type DeleteActionMutationVariables = Exact<{
  name: Scalars['String']['input'];
}>;


export type DeleteActionMutation = { deleteAction: boolean };

export type ApproveRunMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  by: Scalars['String']['input'];
}>;


export type ApproveRunMutation = { approveRun: { id: string } };

export type RejectRunMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  by: Scalars['String']['input'];
}>;


export type RejectRunMutation = { rejectRun: { id: string } };

export type AlertLineFragment = { id: string, number: number, modelId: string, environment: string, version: string, kind: string, level: Level, status: AlertStatus, title: string, historic: boolean, openedAt: string, resolvedAt: string | null, checkedAt: string, silencedUntil: string | null, acknowledgedBy: string, assignedTo: string, system: boolean, verbs: Array<AlertVerb>, evaluation: { state: EvaluationState, since: string | null, text: string }, items: Array<{ column: string, level: Level, segment: string | null, figure: { group: string | null } | null }> };

export type AlertsQueryVariables = Exact<{
  model: InputMaybe<Scalars['String']['input']>;
  environment: InputMaybe<Scalars['String']['input']>;
  where: AlertsWanted;
  after: InputMaybe<Scalars['ID']['input']>;
  limit: Scalars['Int']['input'];
}>;


export type AlertsQuery = { alerts: Array<{ id: string, number: number, modelId: string, environment: string, version: string, kind: string, level: Level, status: AlertStatus, title: string, historic: boolean, openedAt: string, resolvedAt: string | null, checkedAt: string, silencedUntil: string | null, acknowledgedBy: string, assignedTo: string, system: boolean, verbs: Array<AlertVerb>, evaluation: { state: EvaluationState, since: string | null, text: string }, items: Array<{ column: string, level: Level, segment: string | null, figure: { group: string | null } | null }> }> };

export type AlertCountsQueryVariables = Exact<{
  model: InputMaybe<Scalars['String']['input']>;
  environment: InputMaybe<Scalars['String']['input']>;
  where: AlertsWanted;
}>;


export type AlertCountsQuery = { narrowed: Array<{ status: AlertStatus, count: number }>, whole: Array<{ status: AlertStatus, count: number }>, critical: Array<{ status: AlertStatus, count: number }>, newest: Array<{ openedAt: string, historic: boolean }> };

export type FiringQueryVariables = Exact<{ [key: string]: never; }>;


export type FiringQuery = { whole: Array<{ status: AlertStatus, count: number }>, critical: Array<{ status: AlertStatus, count: number }> };

export type AlertQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type AlertQuery = { system: { mayWrite: boolean }, alert: { ruleId: string | null, channels: Array<string>, id: string, number: number, modelId: string, environment: string, version: string, kind: string, level: Level, status: AlertStatus, title: string, historic: boolean, openedAt: string, resolvedAt: string | null, checkedAt: string, silencedUntil: string | null, acknowledgedBy: string, assignedTo: string, system: boolean, verbs: Array<AlertVerb>, items: Array<{ column: string, role: ColumnRole, metric: string, level: Level, value: number, chance: number | null, since: string, text: string, segment: string | null, figure: { subject: string, metric: string, title: string, group: string | null, groupKey: string | null, against: string | null, classLabel: string | null } | null }>, events: Array<{ at: string, kind: string, text: string, by: string }>, evaluation: { state: EvaluationState, since: string | null, text: string } } | null };

export type AlertAroundQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  rule: Scalars['ID']['input'];
  ruled: Scalars['Boolean']['input'];
}>;


export type AlertAroundQuery = { rule?: { name: string, words: string } | null, actionRuns: Array<{ number: number, action: string, state: RunState, dryRun: boolean, why: string, helped: { verdict: HelpedVerdict } | null }> };

export type AlertGroupQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type AlertGroupQuery = { alertGroup: { channel: string, scope: string, openedAt: string, messages: number, count: number } | null };

export type DecideAlertsMutationVariables = Exact<{
  ids: Array<Scalars['ID']['input']> | Scalars['ID']['input'];
  verb: AlertVerb;
  by: Scalars['String']['input'];
  comment: Scalars['String']['input'];
  hours: Scalars['Float']['input'];
  to: Scalars['String']['input'];
}>;


export type DecideAlertsMutation = { decideAlerts: { alerts: Array<{ id: string }>, refused: Array<{ id: string, reason: string }> } };

export type ChannelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ChannelsQuery = { system: { mayWrite: boolean }, channels: Array<{ name: string, kind: string, title: string, minLevel: string, models: Array<string>, enabled: boolean, builtIn: boolean, fault: string, waiting: number, dead: number, sent: number, deliveredAt: string | null, failedAt: string | null, error: string, heldUntil: string | null, values: Array<{ name: string, title: string, secret: boolean, set: boolean, value: string | null }> }>, channelKinds: Array<{ kind: string, title: string, fields: Array<{ name: string, title: string, secret: boolean, required: boolean, default: string, hint: string }> }> };

export type DeadMessagesQueryVariables = Exact<{ [key: string]: never; }>;


export type DeadMessagesQuery = { messages: Array<{ id: string, channel: string, event: string, level: Level, title: string, state: string, attempts: number, createdAt: string, nextAt: string | null, error: string, alerts: Array<number> }> };

export type DigestQueryVariables = Exact<{
  channel: Scalars['String']['input'];
}>;


export type DigestQuery = { digest: { empty: boolean, title: string, more: number, notes: Array<string>, lines: Array<{ alertId: string, model: string, version: string, level: Level, title: string, since: string, news: string, facts: Array<string> }> } };

export type SaveChannelMutationVariables = Exact<{
  name: Scalars['String']['input'];
  kind: InputMaybe<Scalars['String']['input']>;
  changes: Scalars['JSON']['input'];
}>;


export type SaveChannelMutation = { saveChannel: { name: string } };

export type DeleteChannelMutationVariables = Exact<{
  name: Scalars['String']['input'];
}>;


export type DeleteChannelMutation = { deleteChannel: boolean };

export type TestChannelMutationVariables = Exact<{
  name: Scalars['String']['input'];
}>;


export type TestChannelMutation = { testChannel: { delivered: boolean, permanent: boolean, error: string, seconds: number } };

export type RetryMessageMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type RetryMessageMutation = { retryMessage: { id: string } };

export type DropMessageMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type DropMessageMutation = { dropMessage: { id: string } };

export type ColumnQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
  name: Scalars['String']['input'];
  role: ColumnRole;
  window: InputMaybe<Scalars['DateTime']['input']>;
  start: InputMaybe<Scalars['DateTime']['input']>;
  end: InputMaybe<Scalars['DateTime']['input']>;
  segment: Scalars['String']['input'];
}>;


export type ColumnQuery = { model: { column: { name: string, role: ColumnRole, kind: ColumnKind, level: Level, since: string | null, why: Array<string>, sure: Array<{ title: string, holds: boolean, detail: string }>, methods: Array<{ metric: string, label: string, value: number, chance: number | null, pValue: number | null, thresholdWarning: number | null, thresholdCritical: number | null, level: Level }>, onRequest: Array<{ value: number, chance: number | null, pValue: number | null, facts: { metric: string, label: string, compares: string, groups: string, base: string | null, citation: string } }>, distribution: { kind: ColumnKind, referenceLabel: string, referenceRows: number, windowRows: number, windowStart: string, windowEnd: string, referenceMedian: number | null, windowMedian: number | null, referenceMean: number | null, windowMean: number | null, bars: Array<{ lower: number | null, upper: number | null, reference: number, window: number }>, categories: Array<{ name: string, reference: number, window: number }>, specials: Array<{ name: string, reference: number, window: number }>, moved: Array<{ label: string, reference: number, window: number, part: number }> } | null, carriers: Array<{ role: ColumnRole, name: string, total: number, within: number, mix: number, incomplete: boolean, carriers: Array<{ label: string | null, key: string | null, rows: number, share: number, referenceShare: number, part: number, within: number, mix: number, named: string, text: string }> }>, history: { times: Array<string>, rows: Array<number>, levels: Array<Level>, lines: Array<{ metric: DriftMetric, values: Array<number | null>, chance: Array<number | null>, thresholdWarning: number | null, thresholdCritical: number | null }> }, previous: { name: string, role: ColumnRole } | null, next: { name: string, role: ColumnRole } | null } | null } | null };

export type ConceptQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
}>;


export type ConceptQuery = { model: { conceptDrift: { state: string, reason: string, metric: string, labels: number, waiting: number, error: number | null, labelLagS: number | null, updated: string | null, level: Level, driftSince: string | null, findings: Array<{ level: Level, worse: boolean, at: string, since: string, before: number, after: number, labelsBefore: number, labelsAfter: number, label: number, detectors: Array<string>, certainty: number, recurs: number, text: string }> } } | null };

export type CustomMetricQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
  name: Scalars['String']['input'];
  start: InputMaybe<Scalars['DateTime']['input']>;
  end: InputMaybe<Scalars['DateTime']['input']>;
}>;


export type CustomMetricQuery = { model: { customMetrics: Array<{ name: string, expression: string, unit: string, direction: string | null, thresholdWarning: number | null, thresholdCritical: number | null, series: Array<{ version: string, dataPoints: Array<{ timestamp: string, value: number | null, low: number | null, high: number | null, baseline: number | null, level: Level, mature: boolean }> }> }> } | null };

export type EvidenceQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
}>;


export type EvidenceQuery = { model: { evidence: { state: string, reason: string, since: string | null, updated: string | null, rows: number, falseAlertsPer1000Days: number, columns: Array<{ column: string, role: ColumnRole, level: Level, evidence: string, asked: string, margin: number, rows: number, since: string }> } } | null };

export type FairnessQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
  start: InputMaybe<Scalars['DateTime']['input']>;
  end: InputMaybe<Scalars['DateTime']['input']>;
}>;


export type FairnessQuery = { system: { mayWrite: boolean }, model: { settings: { fairness: Record<string, unknown> | null }, fairness: { version: string, state: string, reason: string, favourable: string, newest: number | null, windows: Array<{ start: string, end: string, seen: number, labelled: number, coverage: number, final: number | null, mature: boolean, matureAt: string | null, reason: string }>, attributes: Array<{ name: string, key: string, crossed: boolean, level: Level | null, against: string | null, groups: Array<{ label: string, key: string, isReference: boolean, level: Level | null, rows: number | null, figures: Array<{ figure: string, title: string, value: number | null, low: number | null, high: number | null, rows: number, end: string }> }>, disparities: Array<{ metric: string, title: string, kind: string, group: string, groupKey: string, against: string, figure: string, value: number | null, low: number | null, high: number | null, groupValue: number | null, againstValue: number | null, rows: number | null, pValue: number | null, level: Level | null, before: number | null, stood: boolean, thresholdWarning: number, thresholdCritical: number, text: string, end: string }>, spreads: Array<{ metric: string, title: string, value: number | null, end: string }> }> } } | null };

export type FairnessLinesQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
  start: InputMaybe<Scalars['DateTime']['input']>;
  end: InputMaybe<Scalars['DateTime']['input']>;
  attribute: Scalars['String']['input'];
  name: Scalars['String']['input'];
}>;


export type FairnessLinesQuery = { model: { fairness: { newest: number | null, windows: Array<{ end: string, mature: boolean }>, attributes: Array<{ key: string, lines: Array<{ group: string, groupKey: string, values: Array<number | null>, lows: Array<number | null>, highs: Array<number | null>, levels: Array<Level | null> }> }> } } | null };

export type FleetQueryVariables = Exact<{ [key: string]: never; }>;


export type FleetQuery = { models: Array<{ id: string, environment: string, version: string, task: string, level: Level, since: string | null, reason: string, drifted: number, columns: number, now: string, live: boolean, predictionsPerDay: number, traffic: Array<number>, drift: Array<number | null>, openAlerts: number, raised: Array<{ column: string, role: ColumnRole, metric: DriftMetric, value: number, level: Level }> }> };

export type FleetNamesQueryVariables = Exact<{ [key: string]: never; }>;


export type FleetNamesQuery = { models: Array<{ id: string, environment: string, version: string, level: Level, openAlerts: number }> };

export type ModelQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
}>;


export type ModelQuery = { model: { id: string, environment: string, version: string, task: string, positiveLabel: string | null, level: Level, since: string | null, reason: string, now: string, live: boolean, firstEvent: string | null, heldRows: number, holdTarget: number, windowSeconds: number, gridSeconds: number, minRows: number, breaks: Array<string>, versions: Array<{ version: string, firstEvent: string, lastEvent: string, rows: number }>, reference: { kind: string, label: string, rows: number, version: string, start: string | null, end: string | null, createdAt: string, waiting: string | null } | null, columns: Array<{ name: string, role: ColumnRole, kind: ColumnKind }>, settings: { critical: boolean, segments: { state: string } }, schemaChanges: Array<{ version: string, at: string, role: string, column: string, change: string, before: string, after: string }>, alerts: Array<{ id: string, number: number, modelId: string, environment: string, version: string, kind: string, level: Level, status: AlertStatus, title: string, historic: boolean, openedAt: string, resolvedAt: string | null, checkedAt: string, silencedUntil: string | null, acknowledgedBy: string, assignedTo: string, system: boolean, verbs: Array<AlertVerb>, evaluation: { state: EvaluationState, since: string | null, text: string }, items: Array<{ column: string, level: Level, segment: string | null, figure: { group: string | null } | null }> }> } | null };

export type DriftQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
  metric: DriftMetric;
  start: InputMaybe<Scalars['DateTime']['input']>;
  end: InputMaybe<Scalars['DateTime']['input']>;
  segment: Scalars['String']['input'];
}>;


export type DriftQuery = { model: { drift: { metric: DriftMetric, thresholdWarning: number | null, thresholdCritical: number | null, times: Array<string>, rows: Array<number>, critical: number, warning: number, notice: number, lines: Array<{ metric: DriftMetric, name: string, role: ColumnRole, kind: ColumnKind, level: Level, since: string | null, values: Array<number | null>, levels: Array<Level>, psi: number | null, ks: number | null, kl: number | null, mmd: number | null, nulls: number | null, chance: number | null }> } } | null };

export type PerformanceQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
  metric: Scalars['String']['input'];
  start: InputMaybe<Scalars['DateTime']['input']>;
  end: InputMaybe<Scalars['DateTime']['input']>;
  segment: Scalars['String']['input'];
}>;


export type PerformanceQuery = { model: { settings: { psiWarning: number | null, psiCritical: number | null }, settingDefaults: { psiWarning: number | null, psiCritical: number | null }, performance: { state: string, reason: string, trend: string, conceptDrift: boolean, newest: number | null, baseline: { kind: string, rows: number, start: string | null, end: string | null } | null, metrics: Array<{ metric: string, title: string, unit: string, upIsGood: boolean | null, low: number | null, high: number | null, headline: boolean, source: string }>, windows: Array<{ start: string, end: string, level: Level, seen: number, labelled: number, coverage: number, expected: number | null, final: number | null, mature: boolean, matureAt: string | null, reason: string }>, target: { values: Array<number | null>, levels: Array<Level | null>, chance: number | null, text: string, shares: Array<{ name: string, now: number, before: number }> } | null, labels: { matched: number, corrected: number, repeated: number, waiting: number, orphaned: number, expired: number, horizonDays: number } }, chosen: { windows: Array<{ end: string }>, lines: Array<{ metric: string, title: string, label: string, baseline: number | null, thresholdWarning: number | null, thresholdCritical: number | null, values: Array<number | null>, lows: Array<number | null>, highs: Array<number | null>, levels: Array<Level | null>, singles: Array<Level | null>, texts: Array<string>, estimated: Array<number | null>, estimatedLows: Array<number | null>, estimatedHighs: Array<number | null>, estimatedLevels: Array<Level | null> }> } } | null };

export type CloseUpQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
  end: Scalars['DateTime']['input'];
  segment: Scalars['String']['input'];
}>;


export type CloseUpQuery = { model: { performance: { window: { task: string, scored: string, window: { start: string, end: string }, figures: Array<{ metric: string, title: string, label: string, value: number | null, low: number | null, high: number | null, rows: number, baseline: number | null, level: Level | null, single: Level | null, text: string }>, confusion: { labels: Array<string>, counts: Array<Array<number>> } | null, baselineConfusion: { labels: Array<string>, counts: Array<Array<number>> } | null, calibration: Array<{ score: number, share: number, low: number, high: number, rows: number }>, baselineCalibration: Array<{ score: number, share: number, low: number, high: number, rows: number }>, roc: Array<{ x: number, y: number, threshold: number }>, baselineRoc: Array<{ x: number, y: number, threshold: number }>, pr: Array<{ x: number, y: number, threshold: number }>, scores: Array<{ lower: number, upper: number, hits: number, misses: number, predicted: number }>, errors: Array<{ lower: number | null, upper: number | null, rows: number }>, delays: { p50: number | null, p90: number | null, p99: number | null, bars: Array<{ above: number, upTo: number | null, labels: number }> }, segments: Array<{ label: string, key: string, rows: number, value: number | null, low: number | null, high: number | null, baseline: number | null }> } | null } } | null };

export type RatesQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
  start: InputMaybe<Scalars['DateTime']['input']>;
  end: InputMaybe<Scalars['DateTime']['input']>;
}>;


export type RatesQuery = { model: { settings: { missingWarning: number | null, missingCritical: number | null }, settingDefaults: { missingWarning: number | null, missingCritical: number | null }, quality: { cardinality: Array<{ name: string, role: ColumnRole, kind: ColumnKind, level: Level, distinct: number, reference: number, expected: number, low: number, high: number }>, repeatedIds: { rows: number, share: number, low: number, high: number, exact: boolean, level: Level } | null }, rates: { end: string | null, rows: number, referenceRows: number, times: Array<string>, lines: Array<{ name: string, role: ColumnRole, kind: ColumnKind, level: Level, since: string | null, cells: Array<{ metric: DriftMetric, value: number, before: number | null, chance: number | null, pValue: number | null, level: Level, since: string | null, values: Array<number | null> }> }> } } | null };

export type SegmentPerformanceQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
}>;


export type SegmentPerformanceQuery = { model: { segmentPerformance: { start: string | null, end: string | null, mature: boolean, headlines: Array<string>, reason: string, whole: { rows: number, metrics: Array<{ metric: string, title: string, value: number | null, low: number | null, high: number | null }> } | null, segments: Array<{ label: string, key: string, rows: number, share: number, metrics: Array<{ metric: string, title: string, value: number | null, low: number | null, high: number | null, difference: number | null, p: number | null, worse: boolean }> }> } } | null };

export type WorstSegmentsQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
}>;


export type WorstSegmentsQuery = { model: { worstSegments: { start: string, end: string, loss: string, lossTitle: string, rows: number, days: number, mean: number | null, columns: Array<string>, columnsLeftOut: number, searched: number, told: string, segments: Array<{ text: string, rows: number, share: number, loss: number, rest: number, excess: number, low: number, high: number, cost: number, sentence: string }> } } | null };

export type CausesQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
}>;


export type CausesQuery = { model: { causes: { start: string, end: string, loss: string, lossTitle: string, rows: number, days: number, before: number | null, now: number | null, change: number | null, low: number | null, high: number | null, told: string, features: Array<{ name: string, drift: number, importance: number, reach: number, sentence: string }>, segments: Array<{ text: string, share: number, baselineShare: number, loss: number | null, baselineLoss: number | null, part: number, within: number, mix: number, named: string, sentence: string }>, columns: Array<{ name: string, within: number, mix: number, named: number }> } } | null };

export type RulesQueryVariables = Exact<{ [key: string]: never; }>;


export type RulesQuery = { system: { mayWrite: boolean }, rules: Array<{ id: string, name: string, modelId: string, builtIn: boolean, changed: boolean, title: string, words: string, why: string, description: string, enabled: boolean, severity: string, channels: Array<string>, body: Record<string, unknown>, by: string, updatedAt: string | null, state: string | null, openAlerts: number, states: Array<{ modelId: string, environment: string, version: string, state: string, text: string, at: string }> }> };

export type RuleMetricsQueryVariables = Exact<{
  modelId: InputMaybe<Scalars['String']['input']>;
}>;


export type RuleMetricsQuery = { ruleMetrics: { features: Array<string>, segments: Array<string>, groups: Array<string>, environments: Array<string>, metrics: Array<{ name: string, title: string, family: string, unit: string, of: Array<string>, hasBaseline: boolean, hasChance: boolean }> } };

export type BackTestQueryVariables = Exact<{
  rule: Scalars['JSON']['input'];
  days: Scalars['Int']['input'];
}>;


export type BackTestQuery = { backTest: { days: number, fired: number, windows: number, unjudged: number, text: string, tested: Array<{ modelId: string, environment: string, version: string, fired: number, windows: number, unjudged: number, reasons: Array<string>, fault: string, episodes: Array<{ openedAt: string, resolvedAt: string | null, level: Level, title: string }> }> } };

export type SaveRuleMutationVariables = Exact<{
  rule: Scalars['JSON']['input'];
  ruleId: InputMaybe<Scalars['ID']['input']>;
  by: Scalars['String']['input'];
}>;


export type SaveRuleMutation = { saveRule: { id: string } };

export type DeleteRuleMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  by: Scalars['String']['input'];
}>;


export type DeleteRuleMutation = { deleteRule: string };

export type SetRuleEnabledMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  enabled: Scalars['Boolean']['input'];
  by: Scalars['String']['input'];
}>;


export type SetRuleEnabledMutation = { setRuleEnabled: { id: string } };

export type SegmentsQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
}>;


export type SegmentsQuery = { model: { segments: { state: string, limit: number, columns: Array<{ role: ColumnRole, name: string, watched: number, others: number, told: string }>, segments: Array<{ label: string, key: string, role: ColumnRole, name: string, value: string | null, level: Level, since: string | null, reason: string, rows: number, referenceRows: number, windowEnd: string | null, drifted: number, largest: number | null, building: boolean, raised: Array<{ column: string, role: ColumnRole, metric: DriftMetric, value: number, level: Level }> }> } } | null };

export type SettingsQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
}>;


export type SettingsQuery = { system: { mayWrite: boolean }, model: { settings: { task: string | null, positiveLabel: string | null, window: string, checkIntervalSeconds: number | null, critical: boolean, k: number | null, n: number | null, psiWarning: number | null, psiCritical: number | null, missingWarning: number | null, missingCritical: number | null, alertsPer1000Days: number | null, reference: Record<string, unknown> | null, fairness: Record<string, unknown> | null, labelHorizonDays: number | null, segments: { limit: number, state: string, columns: Array<{ role: ColumnRole, name: string }> } }, settingDefaults: { checkIntervalSeconds: number | null, labelHorizonDays: number | null, k: number | null, n: number | null, psiWarning: number | null, psiCritical: number | null, missingWarning: number | null, missingCritical: number | null, alertsPer1000Days: number | null }, falseAlarms: { alertsPer1000Days: number, alertsAtMost: number, alertsAbout: number, notices: number, looksPerDay: number, columns: number, rows: number } } | null };

export type SettingsPreviewQueryVariables = Exact<{
  id: Scalars['String']['input'];
  environment: Scalars['String']['input'];
  version: InputMaybe<Scalars['String']['input']>;
  changes: Scalars['JSON']['input'];
}>;


export type SettingsPreviewQuery = { model: { settingsPreview: { current: { alertsPer1000Days: number, alertsAtMost: number, alertsAbout: number, notices: number, looksPerDay: number, columns: number, rows: number }, changed: { alertsPer1000Days: number, alertsAtMost: number, alertsAbout: number, notices: number, looksPerDay: number, columns: number, rows: number }, reference: { kind: string, label: string, rows: number, start: string | null, end: string | null, waiting: string | null } | null } } | null };

export type ChangeSettingsMutationVariables = Exact<{
  id: Scalars['String']['input'];
  changes: Scalars['JSON']['input'];
}>;


export type ChangeSettingsMutation = { changeSettings: { window: string } };

export type SilencesQueryVariables = Exact<{
  ended: Scalars['Boolean']['input'];
}>;


export type SilencesQuery = { system: { mayWrite: boolean }, silences: Array<{ id: string, startsAt: string, endsAt: string, by: string, comment: string, state: string, alerts: number, matcher: { model: string, environment: string, version: string, kind: string, feature: string, atLeast: Level | null, atMost: Level | null } }>, muteTimes: Array<{ name: string, zone: string, until: string | null, spans: Array<{ weekdays: Array<string>, start: string, end: string }>, matcher: { model: string, environment: string, version: string, kind: string, feature: string, atLeast: Level | null, atMost: Level | null } }> };

export type MeantQueryVariables = Exact<{
  matcher: MatcherInput;
}>;


export type MeantQuery = { silencePreview: { count: number, models: number, alerts: Array<{ id: string, title: string, level: Level, modelId: string }> } };

export type CreateSilenceMutationVariables = Exact<{
  silence: SilenceInput;
}>;


export type CreateSilenceMutation = { createSilence: { id: string } };

export type ExtendSilenceMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  hours: Scalars['Float']['input'];
}>;


export type ExtendSilenceMutation = { extendSilence: { id: string } };

export type ExpireSilenceMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type ExpireSilenceMutation = { expireSilence: { id: string } };

export type SetMuteTimeMutationVariables = Exact<{
  name: Scalars['String']['input'];
  muteTime: MuteTimeInput;
}>;


export type SetMuteTimeMutation = { setMuteTime: { name: string } };

export type RemoveMuteTimeMutationVariables = Exact<{
  name: Scalars['String']['input'];
}>;


export type RemoveMuteTimeMutation = { removeMuteTime: boolean };

export type SystemQueryVariables = Exact<{ [key: string]: never; }>;


export type SystemQuery = { system: { version: string, now: string, predictionsPerSecond: number, lagSeconds: number, lagBytes: number, accepted: number, rejected: number, duplicates: number, quarantined: number, falseAlertsPerMonth: number, url: string, keyRequired: boolean, mayWrite: boolean } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AlertLineFragmentDoc = new TypedDocumentString(`
    fragment AlertLine on Alert {
  id
  number
  modelId
  environment
  version
  kind
  level
  status
  title
  historic
  openedAt
  resolvedAt
  checkedAt
  silencedUntil
  acknowledgedBy
  assignedTo
  system
  verbs
  evaluation {
    state
    since
    text
  }
  items {
    column
    level
    segment
    figure {
      group
    }
  }
}
    `, {"fragmentName":"AlertLine"}) as unknown as TypedDocumentString<AlertLineFragment, unknown>;
export const ActionsDocument = new TypedDocumentString(`
    query Actions {
  system {
    mayWrite
  }
  actions {
    name
    on
    models
    minLevel
    atLeast {
      alerts
      withinHours
      anyKind
    }
    lastingHours
    webhook {
      url
      signed
    }
    python {
      entry
    }
    tell
    dryRun
    approval
    cooldownHours
    maxPerWeek
    enabled
    reasons {
      alertId
      modelId
      reason
      at
    }
  }
  actionRuns(limit: 50) {
    id
    number
    action
    alertId
    modelId
    state
    dryRun
    why
    request
    history {
      at
      state
      text
      by
    }
    helped {
      verdict
      text
    }
    createdAt
    expiresAt
    doneAt
  }
}
    `) as unknown as TypedDocumentString<ActionsQuery, ActionsQueryVariables>;
export const SaveActionDocument = new TypedDocumentString(`
    mutation SaveAction($action: JSON!) {
  saveAction(action: $action) {
    name
  }
}
    `) as unknown as TypedDocumentString<SaveActionMutation, SaveActionMutationVariables>;
export const DeleteActionDocument = new TypedDocumentString(`
    mutation DeleteAction($name: String!) {
  deleteAction(name: $name)
}
    `) as unknown as TypedDocumentString<DeleteActionMutation, DeleteActionMutationVariables>;
export const ApproveRunDocument = new TypedDocumentString(`
    mutation ApproveRun($id: ID!, $by: String!) {
  approveRun(id: $id, by: $by) {
    id
  }
}
    `) as unknown as TypedDocumentString<ApproveRunMutation, ApproveRunMutationVariables>;
export const RejectRunDocument = new TypedDocumentString(`
    mutation RejectRun($id: ID!, $by: String!) {
  rejectRun(id: $id, by: $by) {
    id
  }
}
    `) as unknown as TypedDocumentString<RejectRunMutation, RejectRunMutationVariables>;
export const AlertsDocument = new TypedDocumentString(`
    query Alerts($model: String, $environment: String, $where: AlertsWanted!, $after: ID, $limit: Int!) {
  alerts(
    modelId: $model
    environment: $environment
    where: $where
    after: $after
    limit: $limit
  ) {
    ...AlertLine
  }
}
    fragment AlertLine on Alert {
  id
  number
  modelId
  environment
  version
  kind
  level
  status
  title
  historic
  openedAt
  resolvedAt
  checkedAt
  silencedUntil
  acknowledgedBy
  assignedTo
  system
  verbs
  evaluation {
    state
    since
    text
  }
  items {
    column
    level
    segment
    figure {
      group
    }
  }
}`) as unknown as TypedDocumentString<AlertsQuery, AlertsQueryVariables>;
export const AlertCountsDocument = new TypedDocumentString(`
    query AlertCounts($model: String, $environment: String, $where: AlertsWanted!) {
  narrowed: alertCounts(modelId: $model, environment: $environment, where: $where) {
    status
    count
  }
  whole: alertCounts {
    status
    count
  }
  critical: alertCounts(where: {level: [CRITICAL]}) {
    status
    count
  }
  newest: alerts(where: {status: [FIRING]}, limit: 1) {
    openedAt
    historic
  }
}
    `) as unknown as TypedDocumentString<AlertCountsQuery, AlertCountsQueryVariables>;
export const FiringDocument = new TypedDocumentString(`
    query Firing {
  whole: alertCounts {
    status
    count
  }
  critical: alertCounts(where: {level: [CRITICAL]}) {
    status
    count
  }
}
    `) as unknown as TypedDocumentString<FiringQuery, FiringQueryVariables>;
export const AlertDocument = new TypedDocumentString(`
    query Alert($id: ID!) {
  system {
    mayWrite
  }
  alert(id: $id) {
    ...AlertLine
    ruleId
    channels
    items {
      column
      role
      metric
      level
      value
      chance
      since
      text
      segment
      figure {
        subject
        metric
        title
        group
        groupKey
        against
        classLabel
      }
    }
    events {
      at
      kind
      text
      by
    }
  }
}
    fragment AlertLine on Alert {
  id
  number
  modelId
  environment
  version
  kind
  level
  status
  title
  historic
  openedAt
  resolvedAt
  checkedAt
  silencedUntil
  acknowledgedBy
  assignedTo
  system
  verbs
  evaluation {
    state
    since
    text
  }
  items {
    column
    level
    segment
    figure {
      group
    }
  }
}`) as unknown as TypedDocumentString<AlertQuery, AlertQueryVariables>;
export const AlertAroundDocument = new TypedDocumentString(`
    query AlertAround($id: ID!, $rule: ID!, $ruled: Boolean!) {
  rule(id: $rule) @include(if: $ruled) {
    name
    words
  }
  actionRuns(alertId: $id, limit: 5) {
    number
    action
    state
    dryRun
    why
    helped {
      verdict
    }
  }
}
    `) as unknown as TypedDocumentString<AlertAroundQuery, AlertAroundQueryVariables>;
export const AlertGroupDocument = new TypedDocumentString(`
    query AlertGroup($id: ID!) {
  alertGroup(id: $id) {
    channel
    scope
    openedAt
    messages
    count
  }
}
    `) as unknown as TypedDocumentString<AlertGroupQuery, AlertGroupQueryVariables>;
export const DecideAlertsDocument = new TypedDocumentString(`
    mutation DecideAlerts($ids: [ID!]!, $verb: AlertVerb!, $by: String!, $comment: String!, $hours: Float!, $to: String!) {
  decideAlerts(
    ids: $ids
    verb: $verb
    by: $by
    comment: $comment
    hours: $hours
    to: $to
  ) {
    alerts {
      id
    }
    refused {
      id
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<DecideAlertsMutation, DecideAlertsMutationVariables>;
export const ChannelsDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<ChannelsQuery, ChannelsQueryVariables>;
export const DeadMessagesDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<DeadMessagesQuery, DeadMessagesQueryVariables>;
export const DigestDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<DigestQuery, DigestQueryVariables>;
export const SaveChannelDocument = new TypedDocumentString(`
    mutation SaveChannel($name: String!, $kind: String, $changes: JSON!) {
  saveChannel(name: $name, kind: $kind, changes: $changes) {
    name
  }
}
    `) as unknown as TypedDocumentString<SaveChannelMutation, SaveChannelMutationVariables>;
export const DeleteChannelDocument = new TypedDocumentString(`
    mutation DeleteChannel($name: String!) {
  deleteChannel(name: $name)
}
    `) as unknown as TypedDocumentString<DeleteChannelMutation, DeleteChannelMutationVariables>;
export const TestChannelDocument = new TypedDocumentString(`
    mutation TestChannel($name: String!) {
  testChannel(name: $name) {
    delivered
    permanent
    error
    seconds
  }
}
    `) as unknown as TypedDocumentString<TestChannelMutation, TestChannelMutationVariables>;
export const RetryMessageDocument = new TypedDocumentString(`
    mutation RetryMessage($id: ID!) {
  retryMessage(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<RetryMessageMutation, RetryMessageMutationVariables>;
export const DropMessageDocument = new TypedDocumentString(`
    mutation DropMessage($id: ID!) {
  dropMessage(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<DropMessageMutation, DropMessageMutationVariables>;
export const ColumnDocument = new TypedDocumentString(`
    query Column($id: String!, $environment: String!, $version: String, $name: String!, $role: ColumnRole!, $window: DateTime, $start: DateTime, $end: DateTime, $segment: String!) {
  model(id: $id, environment: $environment, version: $version) {
    column(name: $name, role: $role, segment: $segment) {
      name
      role
      kind
      level
      since
      why
      sure {
        title
        holds
        detail
      }
      methods(end: $window) {
        metric
        label
        value
        chance
        pValue
        thresholdWarning
        thresholdCritical
        level
      }
      onRequest(end: $window) {
        facts {
          metric
          label
          compares
          groups
          base
          citation
        }
        value
        chance
        pValue
      }
      distribution(end: $window) {
        kind
        referenceLabel
        referenceRows
        windowRows
        windowStart
        windowEnd
        bars {
          lower
          upper
          reference
          window
        }
        categories {
          name
          reference
          window
        }
        specials {
          name
          reference
          window
        }
        referenceMedian
        windowMedian
        referenceMean
        windowMean
        moved {
          label
          reference
          window
          part
        }
      }
      carriers(end: $window) {
        role
        name
        total
        within
        mix
        incomplete
        carriers {
          label
          key
          rows
          share
          referenceShare
          part
          within
          mix
          named
          text
        }
      }
      history(start: $start, end: $end) {
        times
        rows
        levels
        lines {
          metric
          values
          chance
          thresholdWarning
          thresholdCritical
        }
      }
      previous {
        name
        role
      }
      next {
        name
        role
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ColumnQuery, ColumnQueryVariables>;
export const ConceptDocument = new TypedDocumentString(`
    query Concept($id: String!, $environment: String!, $version: String) {
  model(id: $id, environment: $environment, version: $version) {
    conceptDrift {
      state
      reason
      metric
      labels
      waiting
      error
      labelLagS
      updated
      level
      driftSince
      findings {
        level
        worse
        at
        since
        before
        after
        labelsBefore
        labelsAfter
        label
        detectors
        certainty
        recurs
        text
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConceptQuery, ConceptQueryVariables>;
export const CustomMetricDocument = new TypedDocumentString(`
    query CustomMetric($id: String!, $environment: String!, $version: String, $name: String!, $start: DateTime, $end: DateTime) {
  model(id: $id, environment: $environment, version: $version) {
    customMetrics(name: $name, start: $start, end: $end) {
      name
      expression
      unit
      direction
      thresholdWarning
      thresholdCritical
      series {
        version
        dataPoints {
          timestamp
          value
          low
          high
          baseline
          level
          mature
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CustomMetricQuery, CustomMetricQueryVariables>;
export const EvidenceDocument = new TypedDocumentString(`
    query Evidence($id: String!, $environment: String!, $version: String) {
  model(id: $id, environment: $environment, version: $version) {
    evidence {
      state
      reason
      since
      updated
      rows
      falseAlertsPer1000Days
      columns {
        column
        role
        level
        evidence
        asked
        margin
        rows
        since
      }
    }
  }
}
    `) as unknown as TypedDocumentString<EvidenceQuery, EvidenceQueryVariables>;
export const FairnessDocument = new TypedDocumentString(`
    query Fairness($id: String!, $environment: String!, $version: String, $start: DateTime, $end: DateTime) {
  system {
    mayWrite
  }
  model(id: $id, environment: $environment, version: $version) {
    settings {
      fairness
    }
    fairness(start: $start, end: $end) {
      version
      state
      reason
      favourable
      newest
      windows {
        start
        end
        seen
        labelled
        coverage
        final
        mature
        matureAt
        reason
      }
      attributes {
        name
        key
        crossed
        level
        against
        groups {
          label
          key
          isReference
          level
          rows
          figures {
            figure
            title
            value
            low
            high
            rows
            end
          }
        }
        disparities {
          metric
          title
          kind
          group
          groupKey
          against
          figure
          value
          low
          high
          groupValue
          againstValue
          rows
          pValue
          level
          before
          stood
          thresholdWarning
          thresholdCritical
          text
          end
        }
        spreads {
          metric
          title
          value
          end
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FairnessQuery, FairnessQueryVariables>;
export const FairnessLinesDocument = new TypedDocumentString(`
    query FairnessLines($id: String!, $environment: String!, $version: String, $start: DateTime, $end: DateTime, $attribute: String!, $name: String!) {
  model(id: $id, environment: $environment, version: $version) {
    fairness(start: $start, end: $end, attribute: $attribute) {
      newest
      windows {
        end
        mature
      }
      attributes {
        key
        lines(name: $name) {
          group
          groupKey
          values
          lows
          highs
          levels
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FairnessLinesQuery, FairnessLinesQueryVariables>;
export const FleetDocument = new TypedDocumentString(`
    query Fleet {
  models {
    id
    environment
    version
    task
    level
    since
    reason
    raised {
      column
      role
      metric
      value
      level
    }
    drifted
    columns
    now
    live
    predictionsPerDay
    traffic
    drift
    openAlerts
  }
}
    `) as unknown as TypedDocumentString<FleetQuery, FleetQueryVariables>;
export const FleetNamesDocument = new TypedDocumentString(`
    query FleetNames {
  models {
    id
    environment
    version
    level
    openAlerts
  }
}
    `) as unknown as TypedDocumentString<FleetNamesQuery, FleetNamesQueryVariables>;
export const ModelDocument = new TypedDocumentString(`
    query Model($id: String!, $environment: String!, $version: String) {
  model(id: $id, environment: $environment, version: $version) {
    id
    environment
    version
    versions {
      version
      firstEvent
      lastEvent
      rows
    }
    task
    positiveLabel
    level
    since
    reason
    now
    live
    firstEvent
    reference {
      kind
      label
      rows
      version
      start
      end
      createdAt
      waiting
    }
    heldRows
    holdTarget
    windowSeconds
    gridSeconds
    minRows
    columns {
      name
      role
      kind
    }
    settings {
      critical
      segments {
        state
      }
    }
    schemaChanges(limit: 50) {
      version
      at
      role
      column
      change
      before
      after
    }
    breaks
    alerts(limit: 50) {
      ...AlertLine
    }
  }
}
    fragment AlertLine on Alert {
  id
  number
  modelId
  environment
  version
  kind
  level
  status
  title
  historic
  openedAt
  resolvedAt
  checkedAt
  silencedUntil
  acknowledgedBy
  assignedTo
  system
  verbs
  evaluation {
    state
    since
    text
  }
  items {
    column
    level
    segment
    figure {
      group
    }
  }
}`) as unknown as TypedDocumentString<ModelQuery, ModelQueryVariables>;
export const DriftDocument = new TypedDocumentString(`
    query Drift($id: String!, $environment: String!, $version: String, $metric: DriftMetric!, $start: DateTime, $end: DateTime, $segment: String!) {
  model(id: $id, environment: $environment, version: $version) {
    drift(metric: $metric, start: $start, end: $end, segment: $segment) {
      metric
      thresholdWarning
      thresholdCritical
      times
      rows
      critical
      warning
      notice
      lines {
        metric
        name
        role
        kind
        level
        since
        values
        levels
        psi
        ks
        kl
        mmd
        nulls
        chance
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DriftQuery, DriftQueryVariables>;
export const PerformanceDocument = new TypedDocumentString(`
    query Performance($id: String!, $environment: String!, $version: String, $metric: String!, $start: DateTime, $end: DateTime, $segment: String!) {
  model(id: $id, environment: $environment, version: $version) {
    settings {
      psiWarning
      psiCritical
    }
    settingDefaults {
      psiWarning
      psiCritical
    }
    performance(start: $start, end: $end, segment: $segment) {
      state
      reason
      trend
      conceptDrift
      baseline {
        kind
        rows
        start
        end
      }
      newest
      metrics {
        metric
        title
        unit
        upIsGood
        low
        high
        headline
        source
      }
      windows {
        start
        end
        level
        seen
        labelled
        coverage
        expected
        final
        mature
        matureAt
        reason
      }
      target {
        values
        levels
        chance
        text
        shares {
          name
          now
          before
        }
      }
      labels {
        matched
        corrected
        repeated
        waiting
        orphaned
        expired
        horizonDays
      }
    }
    chosen: performance(
      metric: $metric
      start: $start
      end: $end
      segment: $segment
    ) {
      windows {
        end
      }
      lines {
        metric
        title
        label
        baseline
        thresholdWarning
        thresholdCritical
        values
        lows
        highs
        levels
        singles
        texts
        estimated
        estimatedLows
        estimatedHighs
        estimatedLevels
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PerformanceQuery, PerformanceQueryVariables>;
export const CloseUpDocument = new TypedDocumentString(`
    query CloseUp($id: String!, $environment: String!, $version: String, $end: DateTime!, $segment: String!) {
  model(id: $id, environment: $environment, version: $version) {
    performance(start: $end, end: $end, segment: $segment) {
      window(end: $end) {
        window {
          start
          end
        }
        task
        scored
        figures {
          metric
          title
          label
          value
          low
          high
          rows
          baseline
          level
          single
          text
        }
        confusion {
          labels
          counts
        }
        baselineConfusion {
          labels
          counts
        }
        calibration {
          score
          share
          low
          high
          rows
        }
        baselineCalibration {
          score
          share
          low
          high
          rows
        }
        roc {
          x
          y
          threshold
        }
        baselineRoc {
          x
          y
          threshold
        }
        pr {
          x
          y
          threshold
        }
        scores {
          lower
          upper
          hits
          misses
          predicted
        }
        errors {
          lower
          upper
          rows
        }
        delays {
          p50
          p90
          p99
          bars {
            above
            upTo
            labels
          }
        }
        segments {
          label
          key
          rows
          value
          low
          high
          baseline
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CloseUpQuery, CloseUpQueryVariables>;
export const RatesDocument = new TypedDocumentString(`
    query Rates($id: String!, $environment: String!, $version: String, $start: DateTime, $end: DateTime) {
  model(id: $id, environment: $environment, version: $version) {
    settings {
      missingWarning
      missingCritical
    }
    settingDefaults {
      missingWarning
      missingCritical
    }
    quality(start: $start, end: $end) {
      cardinality {
        name
        role
        kind
        level
        distinct
        reference
        expected
        low
        high
      }
      repeatedIds {
        rows
        share
        low
        high
        exact
        level
      }
    }
    rates(start: $start, end: $end) {
      end
      rows
      referenceRows
      times
      lines {
        name
        role
        kind
        level
        since
        cells {
          metric
          value
          before
          chance
          pValue
          level
          since
          values
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RatesQuery, RatesQueryVariables>;
export const SegmentPerformanceDocument = new TypedDocumentString(`
    query SegmentPerformance($id: String!, $environment: String!, $version: String) {
  model(id: $id, environment: $environment, version: $version) {
    segmentPerformance {
      start
      end
      mature
      headlines
      reason
      whole {
        rows
        metrics {
          metric
          title
          value
          low
          high
        }
      }
      segments {
        label
        key
        rows
        share
        metrics {
          metric
          title
          value
          low
          high
          difference
          p
          worse
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SegmentPerformanceQuery, SegmentPerformanceQueryVariables>;
export const WorstSegmentsDocument = new TypedDocumentString(`
    query WorstSegments($id: String!, $environment: String!, $version: String) {
  model(id: $id, environment: $environment, version: $version) {
    worstSegments {
      start
      end
      loss
      lossTitle
      rows
      days
      mean
      columns
      columnsLeftOut
      searched
      told
      segments {
        text
        rows
        share
        loss
        rest
        excess
        low
        high
        cost
        sentence
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WorstSegmentsQuery, WorstSegmentsQueryVariables>;
export const CausesDocument = new TypedDocumentString(`
    query Causes($id: String!, $environment: String!, $version: String) {
  model(id: $id, environment: $environment, version: $version) {
    causes {
      start
      end
      loss
      lossTitle
      rows
      days
      before
      now
      change
      low
      high
      told
      features {
        name
        drift
        importance
        reach
        sentence
      }
      segments {
        text
        share
        baselineShare
        loss
        baselineLoss
        part
        within
        mix
        named
        sentence
      }
      columns {
        name
        within
        mix
        named
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CausesQuery, CausesQueryVariables>;
export const RulesDocument = new TypedDocumentString(`
    query Rules {
  system {
    mayWrite
  }
  rules {
    id
    name
    modelId
    builtIn
    changed
    title
    words
    why
    description
    enabled
    severity
    channels
    body
    by
    updatedAt
    state
    states {
      modelId
      environment
      version
      state
      text
      at
    }
    openAlerts
  }
}
    `) as unknown as TypedDocumentString<RulesQuery, RulesQueryVariables>;
export const RuleMetricsDocument = new TypedDocumentString(`
    query RuleMetrics($modelId: String) {
  ruleMetrics(modelId: $modelId) {
    metrics {
      name
      title
      family
      unit
      of
      hasBaseline
      hasChance
    }
    features
    segments
    groups
    environments
  }
}
    `) as unknown as TypedDocumentString<RuleMetricsQuery, RuleMetricsQueryVariables>;
export const BackTestDocument = new TypedDocumentString(`
    query BackTest($rule: JSON!, $days: Int!) {
  backTest(rule: $rule, days: $days) {
    days
    fired
    windows
    unjudged
    text
    tested {
      modelId
      environment
      version
      fired
      windows
      unjudged
      reasons
      fault
      episodes {
        openedAt
        resolvedAt
        level
        title
      }
    }
  }
}
    `) as unknown as TypedDocumentString<BackTestQuery, BackTestQueryVariables>;
export const SaveRuleDocument = new TypedDocumentString(`
    mutation SaveRule($rule: JSON!, $ruleId: ID, $by: String!) {
  saveRule(rule: $rule, ruleId: $ruleId, by: $by) {
    id
  }
}
    `) as unknown as TypedDocumentString<SaveRuleMutation, SaveRuleMutationVariables>;
export const DeleteRuleDocument = new TypedDocumentString(`
    mutation DeleteRule($id: ID!, $by: String!) {
  deleteRule(id: $id, by: $by)
}
    `) as unknown as TypedDocumentString<DeleteRuleMutation, DeleteRuleMutationVariables>;
export const SetRuleEnabledDocument = new TypedDocumentString(`
    mutation SetRuleEnabled($id: ID!, $enabled: Boolean!, $by: String!) {
  setRuleEnabled(id: $id, enabled: $enabled, by: $by) {
    id
  }
}
    `) as unknown as TypedDocumentString<SetRuleEnabledMutation, SetRuleEnabledMutationVariables>;
export const SegmentsDocument = new TypedDocumentString(`
    query Segments($id: String!, $environment: String!, $version: String) {
  model(id: $id, environment: $environment, version: $version) {
    segments {
      state
      limit
      columns {
        role
        name
        watched
        others
        told
      }
      segments {
        label
        key
        role
        name
        value
        level
        since
        reason
        rows
        referenceRows
        windowEnd
        drifted
        largest
        raised {
          column
          role
          metric
          value
          level
        }
        building
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SegmentsQuery, SegmentsQueryVariables>;
export const SettingsDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<SettingsQuery, SettingsQueryVariables>;
export const SettingsPreviewDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<SettingsPreviewQuery, SettingsPreviewQueryVariables>;
export const ChangeSettingsDocument = new TypedDocumentString(`
    mutation ChangeSettings($id: String!, $changes: JSON!) {
  changeSettings(id: $id, changes: $changes) {
    window
  }
}
    `) as unknown as TypedDocumentString<ChangeSettingsMutation, ChangeSettingsMutationVariables>;
export const SilencesDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<SilencesQuery, SilencesQueryVariables>;
export const MeantDocument = new TypedDocumentString(`
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
    `) as unknown as TypedDocumentString<MeantQuery, MeantQueryVariables>;
export const CreateSilenceDocument = new TypedDocumentString(`
    mutation CreateSilence($silence: SilenceInput!) {
  createSilence(silence: $silence) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateSilenceMutation, CreateSilenceMutationVariables>;
export const ExtendSilenceDocument = new TypedDocumentString(`
    mutation ExtendSilence($id: ID!, $hours: Float!) {
  extendSilence(id: $id, hours: $hours) {
    id
  }
}
    `) as unknown as TypedDocumentString<ExtendSilenceMutation, ExtendSilenceMutationVariables>;
export const ExpireSilenceDocument = new TypedDocumentString(`
    mutation ExpireSilence($id: ID!) {
  expireSilence(id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<ExpireSilenceMutation, ExpireSilenceMutationVariables>;
export const SetMuteTimeDocument = new TypedDocumentString(`
    mutation SetMuteTime($name: String!, $muteTime: MuteTimeInput!) {
  setMuteTime(name: $name, muteTime: $muteTime) {
    name
  }
}
    `) as unknown as TypedDocumentString<SetMuteTimeMutation, SetMuteTimeMutationVariables>;
export const RemoveMuteTimeDocument = new TypedDocumentString(`
    mutation RemoveMuteTime($name: String!) {
  removeMuteTime(name: $name)
}
    `) as unknown as TypedDocumentString<RemoveMuteTimeMutation, RemoveMuteTimeMutationVariables>;
export const SystemDocument = new TypedDocumentString(`
    query System {
  system {
    version
    now
    predictionsPerSecond
    lagSeconds
    lagBytes
    accepted
    rejected
    duplicates
    quarantined
    falseAlertsPerMonth
    url
    keyRequired
    mayWrite
  }
}
    `) as unknown as TypedDocumentString<SystemQuery, SystemQueryVariables>;