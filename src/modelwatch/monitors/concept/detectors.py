"""The three detectors, as river has them, with defaults that are not fooled by a young or a scaled stream.

- ADWIN (Bifet and Gavaldà, Learning from time-changing data with adaptive windowing, SIAM Int. Conf. on Data Mining,
  2007): a window that is cut where two parts of it differ. river's defaults.
- DDM (Gama, Medas, Castillo and Rodrigues, Learning with drift detection, SBIA 2004): the error rate is three standard
  deviations over its lowest. river's default looks from label 30 on, where the lowest is luck; here from `MINIMUM` on.
- Page-Hinkley (Page, Continuous inspection schemes, Biometrika 41, 1954): the sum of deviations from the mean is far
  above its lowest, or under its highest. river's defaults are numbers of errors, so that they fire at an error rate of
  .4 without a change and never at .01; here they are in standard deviations of the errors.

river is imported when the first labels are fed: it takes seconds, and 100 MB with what it imports itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from modelwatch.errors import MissingExtra

if TYPE_CHECKING:
    from river.drift import ADWIN, PageHinkley
    from river.drift.binary import DDM

MINIMUM: Final = 500
"""Labels before DDM and Page-Hinkley may speak, and before anything is decided."""
ALLOWED: Final = 0.1
"""Page-Hinkley: standard deviations by which errors may differ from their mean for nothing; about half of the change
from .05 to .10."""
FAR: Final = 50.0
"""Page-Hinkley: the sum of deviations, in standard deviations of one error, that is an alarm."""
FEWEST: Final = 5.0
"""Page-Hinkley: the fewest whole errors that such a sum must be worth."""
RANK_DEVIATION: Final = math.sqrt(1 / 12)
"""The standard deviation of ranks: they are uniform."""
ADWIN_NAME: Final = "ADWIN"
DDM_NAME: Final = "DDM"
PAGE_HINKLEY_NAME: Final = "Page-Hinkley"
EXTRA: Final = "pip install 'modelwatch[server]'"
NAMES: Final = (ADWIN_NAME, DDM_NAME, PAGE_HINKLEY_NAME)


@dataclass(frozen=True, slots=True)
class AtRest:
    """The detectors as plain values: ADWIN's own bytes, the numbers of the other two; nothing is seen at first."""

    adwin: bytes = b""
    ddm: tuple[float, ...] = ()
    page_hinkley: tuple[float, ...] = ()


@dataclass(slots=True)
class Detectors:
    """The detectors at work. `mistakes` says whether they are fed 0 and 1 or ranks."""

    mistakes: bool
    adwin: ADWIN
    ddm: DDM
    page_hinkley: PageHinkley

    def feed(self, values: Sequence[float], marks: Sequence[bool]) -> dict[str, int]:
        """Consume values in [0, 1] and, for DDM, which of them are mistakes or large errors.

        Gives the last position of an alarm of each detector that raised one. A detector that did begins anew, as
        river's do.
        """
        alarms: dict[str, int] = {}
        adwin = self.adwin
        for i, value in enumerate(values):
            adwin.update(value)
            if adwin.drift_detected:
                alarms[ADWIN_NAME] = i
                adwin = self.adwin = new_adwin()
        ddm = self.ddm
        for i, mark in enumerate(marks):
            ddm.update(mark)
            if ddm.drift_detected:
                alarms[DDM_NAME] = i
                ddm = self.ddm = new_ddm()
        scaled(self.page_hinkley, self.mistakes)
        page_hinkley = self.page_hinkley
        for i, value in enumerate(values):
            page_hinkley.update(value)
            if page_hinkley.drift_detected:
                alarms[PAGE_HINKLEY_NAME] = i
                page_hinkley = self.page_hinkley = scaled(new_page_hinkley(), self.mistakes)
        return alarms


def new(mistakes: bool) -> Detectors:
    """Detectors that have seen nothing."""
    return Detectors(mistakes, new_adwin(), new_ddm(), new_page_hinkley())


def new_adwin() -> ADWIN:
    """river's ADWIN with its defaults."""
    return river().ADWIN()


def new_ddm() -> DDM:
    """river's DDM that waits for `MINIMUM` labels."""
    return river().binary.DDM(warm_start=MINIMUM)


def new_page_hinkley() -> PageHinkley:
    """river's Page-Hinkley, in both directions; `scaled` sets its measures."""
    return river().PageHinkley(min_instances=MINIMUM)


def river() -> Any:
    """river's drift detectors; raises `MissingExtra` where river is not installed."""
    try:
        from river import drift
    except ModuleNotFoundError as error:
        raise MissingExtra("concept drift needs river", hint=EXTRA) from error
    return drift


def load_detectors() -> None:
    """Imports river's detectors, which takes some seconds the first time; raises `MissingExtra` without river."""
    river()


def release() -> str:
    """river's major and minor version, on which the layout of ADWIN's bytes depends."""
    try:
        from river import __version__
    except ModuleNotFoundError as error:
        raise MissingExtra("concept drift needs river", hint=EXTRA) from error
    return ".".join(__version__.split(".")[:2])


def scaled(detector: PageHinkley, mistakes: bool) -> PageHinkley:
    """Set what is allowed and what is far by the standard deviation of the errors that the detector has seen."""
    deviation = RANK_DEVIATION
    if mistakes:
        seen = detector._x_mean
        share = (seen.get() * seen.n + 0.5) / (seen.n + 1)
        deviation = math.sqrt(share * (1 - share))
    detector.delta = ALLOWED * deviation
    detector.threshold = max(FAR * deviation, FEWEST) if mistakes else FAR * deviation
    return detector
