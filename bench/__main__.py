"""`python -m bench NAME [options]`: one benchmark; without a name the list of them."""

from __future__ import annotations

import runpy
import sys

BENCHMARKS = {
    "ingest": "predictions acknowledged and folded over HTTP; --client for log() row by row, --rate, --seconds",
    "client": "what log() costs its caller, and what the sender costs",
    "check": "windows of 50 features checked, from profiles in memory and from the store",
    "embeddings": "drift of embeddings and texts: power on digits, false alarms, cost; --repeats, --only",
    "compare": "mw.compare on frames of 50 columns, and the size of its page",
    "seasonal": "false alerts and delay where traffic follows hour and weekday; --kind, --days, --pattern",
    "segments": "what watched segments cost the fold, and what ranking them costs",
    "slices": "the search for the worst segments: false ones, power, cost; --runs, --only",
    "slices_flights": "where the model of the demo is worst in July, and what July changed",
    "traffic": "alerts on real hourly traffic against its own season; FILE, --kind, --years",
    "sequential": "false alarms and delay of the sequential test of critical models; --mode null or delay",
    "concept": "false alarms, delay and speed of concept-drift detection, and of river's detectors alone; --only",
    "latency": "from the acknowledgement of the row that a decision needed to the webhook, for a critical model",
    "ordinary": "the same for models that are not critical, with every setting as it comes; --models",
    "incident": "messages when 20 % of 1,000 models drift at once; --models, --hours, --seed",
    "statistics": "false alarms, power and robustness of drift detection, with sampling errors; --quick, --only",
    "truth": "real models through fold, join and check: what the server finds; --only",
    "estimated": "performance before labels come against what was realized; --only classifiers, regressions, intervals",
    "estimated_curves": "which calibration of scores gives the best estimates; --repetitions",
    "performance": "false alerts, power and exactness of performance metrics; --quick, --only",
    "peers": "other libraries on the same data, each in an environment of its own; --only, --seconds, --write",
    "custom_metrics": "a user's SQL expression on a million labelled rows",
    "custom_alarms": "how often chance alone raises an alert on a metric of a user",
    "join": "labels joined with 90 million predictions; --only, --days, --rows, --labels",
    "fairness": "what fairness costs beside fairlearn, false alarms, power, and the adult census; --only, --windows",
    "rules": "what 100 rules cost where windows settle, and a back-test over 90 days; --rounds",
    "storage": "bytes per prediction in the lake",
    "append": "the durable log alone",
}


def main() -> int:
    """Run one, or list all."""
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHMARKS:
        print("python -m bench NAME, where NAME is one of")
        for name, text in BENCHMARKS.items():
            print(f"  {name:<16}{text}")
        return 0 if len(sys.argv) < 2 else 2
    name = sys.argv.pop(1)
    runpy.run_module(f"bench.{name}", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
