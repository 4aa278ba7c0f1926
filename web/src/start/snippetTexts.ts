/** The lines to paste, as text. Only what exists. */

export type SnippetName = "python" | "frame" | "curl";

export const SNIPPETS: { name: SnippetName; title: string }[] = [
  { name: "python", title: "Python" },
  { name: "frame", title: "Data frame" },
  { name: "curl", title: "curl" },
];

export function snippetText(name: SnippetName, url: string, keyRequired: boolean): string {
  const client = keyRequired ? `client = mw.Client("${url}", api_key="...")` : `client = mw.Client("${url}")`;
  switch (name) {
    case "python":
      return `import modelwatch as mw

${client}
client.log(model_id="flight-delay", model_version="1.0.0",
           prediction_id="p1", prediction_score=0.87,
           features={"dep_hour": 17, "origin": "JFK"})`;
    case "frame":
      return `import modelwatch as mw

${client}
client.log_frame(frame, model_id="flight-delay", model_version="1.0.0",
                 prediction_id="id", timestamp="scheduled", prediction_score="score",
                 features=["dep_hour", "origin"])`;
    case "curl":
      return `curl ${url}/api/v1/predictions \\
  -H "Content-Type: application/json" \\${keyRequired ? '\n  -H "Authorization: Bearer ..." \\' : ""}
  -d '{"model_id": "flight-delay", "model_version": "1.0.0",
       "prediction_id": "p1", "prediction_score": 0.87,
       "features": {"dep_hour": 17, "origin": "JFK"}}'`;
  }
}

export type Token = { kind: "word" | "name" | "text" | "number" | "plain"; text: string };

const TOKEN =
  /(?<word>\b(?:import|as|curl)\b)|(?<text>"[^"\n]*")|(?<number>\b\d+(?:\.\d+)?\b)|(?<name>\b(?:Client|log|log_frame)\b(?=\())/g;

/** One line of code cut into what has a colour and what has none. */
export function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const match of line.matchAll(TOKEN)) {
    if (match.index > from) tokens.push({ kind: "plain", text: line.slice(from, match.index) });
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? ["plain"];
    tokens.push({ kind: kind as Token["kind"], text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < line.length) tokens.push({ kind: "plain", text: line.slice(from) });
  return tokens;
}
