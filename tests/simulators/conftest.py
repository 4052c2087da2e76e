from collections.abc import Iterator

import pytest

from tests.simulators import vneid as stand_in
from tests.simulators.vneid import Vneid


@pytest.fixture(scope="session")
def vneid_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vneid]:
    yield from stand_in.start(tmp_path_factory.mktemp("vneid"))


@pytest.fixture
def vneid(vneid_process: Vneid) -> Vneid:
    vneid_process.control(reset=True)
    return vneid_process
