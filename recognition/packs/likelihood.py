"""One person or two? What a calibration's mated and non-mated scores say of a pair of pictures."""

from watchlist.calibration import Calibration, Frames

# Share of new images whose person is taken to be listed already under another entry. Nobody has counted it: a list
# that is looked after holds few, and a value ten times larger or smaller moves the threshold by less than one spread.
LISTED_TWICE = 1 / 100

# Share of the mated pairs that must reach the threshold below which an image does not fit its subject's others:
# one good image in a hundred is asked about, and docs/accuracy.md says how many foreign ones are caught.
FITTING = 0.99


# Of one comparison with somebody else: how often two people may be asked about who are not related at all. The cautious
# choice: overlooking that a person is listed twice costs more than a second look at two who are alike.
ALIKE = 1 / 1000

# Of one new image and all others together: whoever is asked about every third image answers without looking.
ASKED_IN_VAIN = 1 / 10


def alike_threshold(calibration: Calibration, *, compared: int) -> float:
    """From this score on two people look alike: ALIKE, and on a list of more than a hundred images ASKED_IN_VAIN."""
    try:
        long_list = calibration.threshold_for(templates=compared, one_in=1 / ASKED_IN_VAIN)
    except ValueError:  # so long that no threshold keeps to it: whatever reaches the highest is asked about
        long_list = calibration.thresholds[-1]
    return max(calibration.threshold_for(templates=1, one_in=1 / ALIKE), long_list)


def one_person_threshold(calibration: Calibration, *, compared: int) -> float:
    """From this score on, one person listed twice is likelier than two people who are alike; 1.0 where nothing is.

    Of new images compared with `compared` templates of other entries, LISTED_TWICE x P(mated >= t) reach t because
    their person is there, and about `compared` x P(non-mated >= t) by chance (Bayes' rule; the first is to be larger).
    """
    for threshold in calibration.thresholds:
        by_chance = compared * calibration.false_alert_rate(threshold, templates=1)
        if LISTED_TWICE * calibration.recognised_share(threshold, frames=Frames.SINGLE) > by_chance:
            return threshold
    return 1.0


def fitting_threshold(calibration: Calibration, *, share: float = FITTING) -> float:
    """The highest threshold of the grid that `share` of the mated pairs reach; the grid's lowest where fewer do."""
    reached = [t for t in calibration.thresholds if calibration.recognised_share(t, frames=Frames.SINGLE) >= share]
    return max(reached, default=calibration.thresholds[0])
