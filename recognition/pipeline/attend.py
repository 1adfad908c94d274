"""Which faces of this frame are worth a template?

A template costs several times what finding a face again does, and most frames of a passage show what the frame before
showed. What a passage is decided on must not suffer, so a usable face is compared

- while its track is young: the first frames are those on which most passages are decided;
- while there is any evidence: each frame is compared from the first score over the floor on, as long as one of the
  frames remembered is over it; agreement, near ties and the fused score are then what they would be. Once the track
  was handed on, its next word is not asked for at once, and until shortly before it is looked at as others are;
- when it is better than all that was compared of this track: what was out of reach may now be in reach;
- when the last comparison is a while ago: people turn their heads, and light changes.

What is left out is more of the same of somebody who resembles nobody on the list. An alert can come later by less than
`LOOK_EVERY`, and only where a track's first score over the floor falls in a frame left out; docs/engine.md says how
often that happened.
"""

from recognition.pipeline.types import Quality, Track

YOUNG = 4  # usable frames compared; one more than must agree
BETTER = 0.1  # quality gained, of 1; at most ten more templates for a face that comes ever nearer
LOOK_EVERY = 1.0  # seconds; a walker is in view for three or more
HANDED_ON = 9.0  # seconds; three less than `Policy.again_after`, in which the frames remembered become new ones


def worth_a_template(track: Track, quality: Quality, *, now: float) -> bool:
    """Whether a face of this quality, of a track as it stood before this frame, is to be compared with the list."""
    handed_on = any(0 <= now - at < HANDED_ON for at in track.raised.values())
    return quality.usable and (
        (not handed_on and (track.usable < YOUNG or bool(track.evidence)))
        or quality.value >= track.best_quality + BETTER
        or not 0 <= now - track.compared < LOOK_EVERY
    )
