# mypy: disable-error-code="no-untyped-call, misc"
"""How papermill runs a notebook here: it keeps what was run, once, however the run ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.engines import NBClientEngine

NAME = "kept"


class Kept(NBClientEngine):
    """Write the notebook at the end of the run; papermill's own engine does twice for each cell."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, kept: Path, **options: Any
    ) -> None:
        """Run the cells, then write what there is of the notebook to `kept`."""
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            nbformat.write(nb_man.nb, kept)


papermill.engines.papermill_engines.register(NAME, Kept)
