"""What predictions said and what came true of them, as mergeable counts: the base of performance and fairness.

    rows --count_seen / count_labelled--> Outcomes per time slot --merge--> Outcomes of a window --> monitors

- `count_seen(rows, slots, k)`, `count_labelled(rows, slots, k)`: what `k` time slots add.
- `ranked_groups(group, rank, relevance, score)`, `count_ranked(groups, slots, k)`: the same of ranked rows, by group.
- `merge(parts)`, `subtract(whole, part)`, `EMPTY`: Outcomes form a commutative group.
- `row_errors(rows)`, `row_log_losses(rows)`: what each row lost, for who looks at rows.
- `encode(outcomes)`, `decode(block)`: the stored form.
- `facts` names the cells, `grids` the bins of scores, errors and delays.
"""

from modelwatch.profiles.outcomes.count import Cuts, Rows, count_labelled, count_seen
from modelwatch.profiles.outcomes.facts import NONE, OTHER, Fact, Total
from modelwatch.profiles.outcomes.outcomes import EMPTY, Outcomes, merge, subtract
from modelwatch.profiles.outcomes.ranked import RankedGroups, count_ranked, ranked_groups
from modelwatch.profiles.outcomes.row_losses import row_errors, row_log_losses
from modelwatch.profiles.outcomes.stored import decode, encode

__all__ = [
    "EMPTY",
    "NONE",
    "OTHER",
    "Cuts",
    "Fact",
    "Outcomes",
    "RankedGroups",
    "Rows",
    "Total",
    "count_labelled",
    "count_ranked",
    "count_seen",
    "decode",
    "encode",
    "merge",
    "ranked_groups",
    "row_errors",
    "row_log_losses",
    "subtract",
]
