"""A venue is called what its proceedings of that year are called."""

import pytest

from bibtool import venues

CVPR = "Conference on Computer Vision and Pattern Recognition"


@pytest.mark.parametrize(
    ("year", "full"),
    [
        (2016, f"Proceedings of the IEEE {CVPR}"),
        (2017, f"Proceedings of the IEEE {CVPR}"),
        (2024, f"Proceedings of the IEEE/CVF {CVPR}"),
        (None, f"Proceedings of the IEEE/CVF {CVPR}"),
    ],
)
def test_the_sponsors_are_those_of_the_year(year: int | None, full: str) -> None:
    assert venues.spelled(f"2016 IEEE {CVPR} (CVPR)", "full", year) == full
    assert venues.spelled("CVPR", "full", year) == full
    assert venues.spelled("CVPR", "short", year) == "CVPR"


def test_every_earlier_name_is_found_again() -> None:
    earlier = [(venue, name) for venue in venues.table() for _, name in venue.earlier]
    assert earlier
    assert all(venues.find(name) == venue for venue, name in earlier)
