"""What several test files share."""

import os
import shutil

import pytest


def require(name: str, condition: bool, reason: str) -> None:
    """Skip a test that lacks something, or fail it where REQUIRE asks for that thing."""
    if condition:
        return
    if name in os.environ.get("REQUIRE", "").replace(",", " ").split():
        pytest.fail(f"{name} is required: {reason}")
    pytest.skip(reason)


def chromium() -> str | None:
    """Return where Debian's browser is, if it is installed."""
    return shutil.which("chromium")


@pytest.fixture(scope="module")
def datasets(tmp_path_factory):
    """Folders of datasets for one test file, in place of the project's own."""
    root = tmp_path_factory.mktemp("datasets")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.paths.PROCESSED", root / "processed")
        patch.setattr("analysis.paths.PRIVATE", root / "private")
        yield root
