from collections.abc import Iterator

import pytest

from tests.simulators import vneid as stand_in
from tests.simulators.vneid import Browser, Vneid


@pytest.fixture(scope="session")
def vneid_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vneid]:
    yield from stand_in.start(tmp_path_factory.mktemp("vneid"))


@pytest.fixture
def vneid(vneid_process: Vneid, settings) -> Vneid:
    vneid_process.control(reset=True)
    settings.VNEID_ISSUER = vneid_process.url
    settings.SOCIALACCOUNT_PROVIDERS = stand_in.provider_settings(vneid_process)
    return vneid_process


@pytest.fixture
def browser(vneid: Vneid, db) -> Browser:
    return Browser(vneid)
