"""Whether the packages of an environment that is not the course's own are ones it works with.

``centralasia lab`` and the locks see to this themselves. Colab, Kaggle or an editor may have loaded
another pandas or Altair, with which a lesson would fail far from the cause.
"""

from __future__ import annotations

from types import ModuleType

from centralasia.language import _

NEEDED = {"altair": ((5, 5), (6,)), "pandas": ((3,), (4,))}
"""From which version on, and before which one; a test holds this to ``pyproject.toml``."""


class Unfit(ImportError):
    """A package is too old or too new; the message says what to do."""


def demand(module: ModuleType) -> None:
    """Refuse a package of a version that the course does not work with.

    Parameters
    ----------
    module : module
        A package that `NEEDED` names, as it is loaded.

    Raises
    ------
    Unfit
        If it is another version.
    """
    name, version = module.__name__, module.__version__
    first, end = NEEDED[name]
    loaded = tuple(int(part) for part in version.split(".")[:2])
    if not first <= loaded < end:
        low, high = (".".join(map(str, bound)) for bound in (first, end))
        raise Unfit(
            _(
                "The course needs {name} from {low} on and before {high}, and {version} is loaded "
                'here. Run %pip install "{name}>={low},<{high}" and restart the kernel (in Colab: '
                "Runtime, Restart session)."
            ).format(name=name, low=low, high=high, version=version)
        )
