"""What is asked of a face before it is compared? One table, for enrolment and for live frames.

Every number rests on a figure in docs/quality.md, which says how it was drawn from it. Codes are told to programs (the
`shortfalls` of a result, the reason of a rejection) and stay as they are.
"""

from recognition.pipeline.limit import Limit
from recognition.pipeline.types import Quality, QualityLimits

# Of several faults that cost the same, the first is told first.
LIMITS = (
    Limit(
        code="too_small",
        measure="inter_eye",
        standard="Inter-eye distance",
        name="distance between the eyes",
        digits=0,
        unit=" pixels",
        at_least=True,
        enrolment=24.0,
        live=12.0,
        worths=((6, 0), (8, 0.2), (10, 0.5), (12, 0.7), (16, 0.9), (30, 1)),
        fault="The face is too small",
        remedy="Upload a larger version.",
    ),
    Limit(
        code="cut_off",
        measure="inside",
        standard="Crop of the face image",
        name="part of the face within the picture",
        digits=0,
        unit="%",
        at_least=True,
        enrolment=0.9,
        live=0.65,
        worths=((0.4, 0), (0.6, 0.5), (0.7, 0.72), (0.8, 0.85), (0.9, 0.95), (0.95, 1)),
        fault="The face is cut off by the edge of the picture",
        remedy="Upload a picture with some space around the face.",
    ),
    Limit(
        code="too_dark",
        measure="exposure",
        standard="Under-exposure prevention",
        name="mean brightness",
        digits=0,
        unit=" of 255",
        at_least=True,
        enrolment=40.0,
        live=15.0,
        worths=((5, 0), (13, 0.5), (20, 0.75), (40, 0.9), (77, 1)),
        fault="The face is too dark",
        remedy="Upload a better lit picture.",
    ),
    Limit(
        code="too_bright",
        measure="over_exposure",
        standard="Over-exposure prevention",
        name="washed out part of the face",
        digits=0,
        unit="%",
        at_least=False,
        enrolment=0.1,
        live=0.45,
        worths=((0.02, 1), (0.1, 0.9), (0.26, 0.78), (0.55, 0.42), (0.8, 0)),
        fault="The face is too bright",
        remedy="Upload a picture that is not overexposed.",
    ),
    Limit(
        code="too_flat",
        measure="contrast",
        standard="Dynamic range",
        name="range from dark to light",
        digits=2,
        unit=" times the mean brightness",
        at_least=True,
        enrolment=0.4,
        live=0.35,
        worths=((0.12, 0), (0.2, 0.4), (0.27, 0.8), (0.35, 0.93), (0.6, 1)),
        fault="The face has too little contrast",
        remedy="Upload a clearer picture, taken without haze or glare.",
    ),
    Limit(
        code="lit_unevenly",
        measure="uniformity",
        standard="Illumination uniformity",
        name="brightness of the darker half",
        digits=0,
        unit="% of the lighter half's",
        at_least=True,
        enrolment=0.45,
        live=0.3,
        worths=((0.1, 0), (0.22, 0.3), (0.29, 0.48), (0.46, 0.78), (0.64, 0.92), (0.85, 1)),
        fault="The face is lit from one side",
        remedy="Upload a picture lit from the front.",
    ),
    Limit(
        code="too_blurred",
        measure="sharpness",
        standard="Sharpness",
        name="sharpness",
        digits=1,
        unit="",
        at_least=True,
        enrolment=6.0,
        live=3.0,
        worths=((1.5, 0), (2.3, 0.3), (3, 0.5), (4, 0.66), (6, 0.87), (10, 1)),
        fault="The face is too blurred",
        remedy="Upload a sharper picture.",
    ),
    Limit(
        code="too_noisy",
        measure="noise",
        standard="none of its measures",
        name="noise",
        digits=1,
        unit=" grey values",
        at_least=False,
        enrolment=2.2,
        live=2.8,
        worths=((0.7, 1), (1.3, 0.96), (2.5, 0.71), (4.4, 0.38), (6.5, 0)),
        fault="The face is too grainy",
        remedy="Upload a picture taken in better light.",
    ),
    Limit(
        code="too_compressed",
        measure="blockiness",
        standard="Compression artefacts",
        name="steps between the blocks of the JPEG",
        digits=1,
        unit=" times those beside",
        at_least=False,
        enrolment=2.6,
        live=3.0,
        worths=((1.7, 1), (2.4, 0.92), (3, 0.75), (3.8, 0.6), (5.4, 0.3), (8, 0)),
        fault="The picture is compressed too much",
        remedy="Upload the original file.",
    ),
    Limit(
        code="turned_away",
        measure="yaw",
        standard="Head pose: yaw",
        name="turn to the side",
        digits=2,
        unit=" on a scale from 0 (frontal) to 1 (profile)",
        at_least=False,
        enrolment=0.75,
        live=0.9,
        worths=((0.5, 1), (0.75, 0.95), (1, 0.65)),
        fault="The face is turned away",
        remedy="Upload a picture seen from the front.",
    ),
    Limit(
        code="looks_up_or_down",
        measure="pitch",
        standard="Head pose: pitch",
        name="tilt",
        digits=2,
        unit=" on a scale from 0 (level) to 1",
        at_least=False,
        enrolment=0.45,
        live=0.7,
        worths=((0.3, 1), (0.45, 0.85), (0.7, 0.5), (1, 0)),
        fault="The face looks up or down",
        remedy="Upload a picture taken at the height of the eyes.",
    ),
    Limit(
        code="leans",
        measure="roll",
        standard="Head pose: roll",
        name="angle of the eyes",
        digits=0,
        unit=" degrees",
        at_least=False,
        enrolment=30.0,
        live=45.0,
        worths=((20, 1), (30, 0.92), (45, 0.65), (90, 0)),
        fault="The face leans to one side",
        remedy="Turn the picture upright.",
    ),
    Limit(
        code="eyes_hidden",
        measure="eyes",
        standard="Eyes visible",
        name="structure around the less visible eye",
        digits=2,
        unit=" of that in its half of the face",
        at_least=True,
        enrolment=0.3,
        live=0.25,
        worths=((0, 0.1), (0.15, 0.3), (0.3, 0.6), (0.4, 0.85), (0.5, 1)),
        fault="An eye is hidden, by dark glasses or something else",
        remedy="Upload a picture in which both eyes are seen.",
    ),
    Limit(
        code="mouth_hidden",
        measure="mouth",
        standard="Mouth occlusion prevention",
        name="structure around the mouth",
        digits=2,
        unit=" of that in the whole face",
        at_least=True,
        enrolment=0.4,
        live=0.35,
        worths=((0, 0), (0.25, 0.2), (0.4, 0.7), (0.5, 0.95), (0.6, 1)),
        fault="The mouth is hidden, by a mask or something else",
        remedy="Upload a picture in which the mouth is seen.",
    ),
)

ENROLMENT = QualityLimits({limit.code: limit.enrolment for limit in LIMITS})
LIVE = QualityLimits({limit.code: limit.live for limit in LIMITS})


def explain(quality: Quality, limits: QualityLimits) -> list[str]:
    """A sentence per shortfall, in their order."""
    by_code = {limit.code: limit for limit in LIMITS}
    return [by_code[code].sentence(quality, limits.bounds[code]) for code in quality.shortfalls]


def limits_table() -> str:
    """The table in Markdown, for docs/quality.md."""
    rows = [["measure", "after ISO/IEC 29794-5", "enrolment", "live", "code"]]
    for limit in LIMITS:
        bounds = [limit.required(bound) for bound in (limit.enrolment, limit.live)]
        rows.append([limit.name + limit.unit_in_words, limit.standard, *bounds, f"`{limit.code}`"])
    rows.insert(1, ["---"] * len(rows[0]))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
