/** The two lines that send what came true, as text. Only what exists. */

export function actualLines(modelId: string, task: string): string {
  const value = { regression: "actual_value=31.5", ranking: "relevance=1" }[task] ?? 'actual_label="yes"';
  return `client = mw.Client()
client.log_actual(model_id=${JSON.stringify(modelId)},
    prediction_id="p1", ${value})`;
}
