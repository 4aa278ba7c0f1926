"""Which predictions are sent when not all can be: `mw.sampling.Uniform`, `.Stratified`, `.LowConfidence`.

A sampler gives each prediction a probability; the prediction is kept with it, and one that is kept stands for
`1 / probability` predictions: that weight is multiplied onto its own. Sums of weights then estimate what all
predictions would have given, without bias, however much a sampler prefers some of them (Horvitz and Thompson,
J. American Statistical Association 47, 1952).
"""

from modelwatch.client.sampling.low_confidence import LowConfidence
from modelwatch.client.sampling.sampler import Sampler
from modelwatch.client.sampling.stratified import Stratified
from modelwatch.client.sampling.uniform import Uniform

__all__ = ["LowConfidence", "Sampler", "Stratified", "Uniform"]
