"""river's detectors as plain values and back, so that a state is immutable and is stored without pickle.

DDM and Page-Hinkley are a few numbers. ADWIN is compiled; it gives and takes its window as bytes (`__getstate__`), of a
layout that may change with river's minor version: the requirement names one.
"""

from __future__ import annotations

from modelwatch.monitors.concept.detectors import AtRest, Detectors, new


def at_rest(detectors: Detectors) -> AtRest:
    """What the detectors know; none of them is in alarm, since one that raised an alarm begins anew."""
    ddm, page_hinkley = detectors.ddm, detectors.page_hinkley
    lowest = () if ddm._p_min is None else (ddm._p_min, ddm._s_min, ddm._ps_min)
    return AtRest(
        bytes(detectors.adwin._helper.__getstate__()),
        (ddm._p.n, ddm._p.get(), *lowest),
        (
            page_hinkley._x_mean.n,
            page_hinkley._x_mean.get(),
            page_hinkley._sum_increase,
            page_hinkley._sum_decrease,
            page_hinkley._min_increase,
            page_hinkley._max_decrease,
        ),
    )


def at_work(rest: AtRest, mistakes: bool) -> Detectors:
    """The detectors that go on from there."""
    detectors = new(mistakes)
    if not rest.adwin:
        return detectors
    detectors.adwin._helper.__setstate__(rest.adwin)
    ddm = detectors.ddm
    ddm._p = ddm._p._from_state(*rest.ddm[:2])
    if len(rest.ddm) > 2:
        ddm._p_min, ddm._s_min, ddm._ps_min = rest.ddm[2:]
    page_hinkley = detectors.page_hinkley
    page_hinkley._x_mean = page_hinkley._x_mean._from_state(*rest.page_hinkley[:2])
    page_hinkley._sum_increase, page_hinkley._sum_decrease = rest.page_hinkley[2:4]
    page_hinkley._min_increase, page_hinkley._max_decrease = rest.page_hinkley[4:]
    return detectors
