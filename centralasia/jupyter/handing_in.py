"""An exercise that is about to be handed in from the page of its notebook.

The page sends the notebook as it stands there. What is found is what
``centralasia check-submission`` finds, and the file that comes of it is named by the learner's id,
as that of a page of forms is.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Any

from centralasia import jupyter
from centralasia.checks.cases import GUEST, tidy_id
from centralasia.grading.handing_in import preflight, submission
from centralasia.grading.handing_in import repair as repairing


def look(text: str, path: str, *, mend: bool = False) -> dict[str, Any]:
    """Look at a notebook that is about to be handed in, and run it.

    Parameters
    ----------
    text : str
        The notebook as JSON.
    path : str
        What it is called in the page.
    mend : bool, default False
        Whether the released cells are put back first.

    Returns
    -------
    dict
        ``findings``, each with its ``problem`` and ``remedy``; ``mendable``, whether `mend` would
        help; ``name`` of the file to hand in, empty if the notebook gives no id of the learner's
        own; and ``notebook``, the mended one, if there was something to mend.
    """
    place = Path(os.environ.get(jupyter.SESSION, "")).parent / PurePosixPath(path).name
    told: dict[str, Any] = {"findings": [], "mendable": False, "name": ""}
    try:
        notebook = submission.loads(text.encode("utf-8", "surrogatepass"))
        if mend and (mended := repairing.mend(notebook, place)):
            notebook = told["notebook"] = mended
    except submission.Unreadable as error:
        return told | {"findings": [{"problem": error.problem, "remedy": error.remedy}]}
    except repairing.NotMendable as error:
        return told | {"findings": [{"problem": str(error), "remedy": ""}]}
    findings = [*preflight.lacking(notebook), *preflight.inspect_read(notebook, place, run=True)]
    learner_id = preflight.id_of(notebook["cells"])
    name, wrong = preflight.exercise_of(place, notebook["cells"])
    if wrong is None and tidy_id(learner_id) != GUEST:
        told["name"] = submission.file_name(str(learner_id), name)
    told["mendable"] = any(finding.mendable for finding in findings)
    told["findings"] = [{"problem": one.problem, "remedy": one.remedy} for one in findings]
    return told
