"""What JupyterLab writes of a shipped notebook: never what it showed."""

from __future__ import annotations

import re
from typing import Any

#: Notebooks that are committed: chapters and this one. A copy of another name keeps its outputs.
_SHIPPED = re.compile(r"(.*/)?(explore|\d\d-[a-z0-9-]+)\.ipynb")

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def clean(model: dict[str, Any], path: str = "", **_: Any) -> None:
    """Empty a shipped notebook of outputs before it is saved: names of projects are among them.

    Jupyter calls it, as the `pre_save_hook` that `make lab` sets.

    Parameters
    ----------
    model
        What is about to be saved, as Jupyter's contents API has it; changed in place.
    path
        Where to.

    Examples
    --------
    >>> cell = {"cell_type": "code", "execution_count": 1, "outputs": ["acme"], "metadata": {}}
    >>> notebook = {"cells": [cell], "metadata": {}}
    >>> clean({"type": "notebook", "content": notebook}, "explore.ipynb")
    >>> cell["outputs"], cell["execution_count"]
    ([], None)
    """
    if model.get("type") != "notebook" or not _SHIPPED.fullmatch(path):
        return
    content = model["content"]
    content["metadata"] = _METADATA
    for cell in content["cells"]:
        cell["metadata"] = {k: v for k, v in cell["metadata"].items() if k == "tags" and v}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
