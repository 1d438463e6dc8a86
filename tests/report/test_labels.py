"""Names beside points: none on another, none where it would be taken for another point's."""

from hypothesis import given
from hypothesis import strategies as st

from runner.report.pictures.labels import placed

SHEET = (0.0, 0.0, 260.0, 180.0)
POINTS = st.lists(
    st.tuples(st.floats(90, 170), st.floats(60, 120)), min_size=1, max_size=4, unique_by=lambda point: round(point[0])
)


def share_some(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(POINTS)
def test_where_there_is_room_no_name_is_on_another(points):
    boxes = [place.box for place in placed(points, [50.0] * len(points), [], SHEET)]
    assert not any(share_some(a, b) for number, a in enumerate(boxes) for b in boxes[:number])
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= 260 and box[3] <= 180 for box in boxes)


@given(POINTS)
def test_the_same_points_have_the_same_places(points):
    assert placed(points, [50.0] * len(points), [], SHEET) == placed(points, [50.0] * len(points), [], SHEET)


def test_of_two_that_are_close_each_has_its_own_side_or_a_line():
    left, right = (150.0, 100.0), (156.0, 102.0)
    challenger, champion = placed([right, left], [60.0, 30.0], [], SHEET)
    assert challenger.box[0] > right[0] or challenger.is_led
    assert champion.box[2] < left[0] or champion.is_led


def test_a_name_keeps_off_what_is_drawn():
    bar = (152.0, 60.0, 260.0, 140.0)
    (place,) = placed([(150.0, 100.0)], [40.0], [bar], SHEET)
    assert not share_some(place.box, bar)


def test_a_sheet_too_small_still_has_every_name():
    assert len(placed([(5.0, 5.0)], [400.0], [], (0.0, 0.0, 10.0, 10.0))) == 1
