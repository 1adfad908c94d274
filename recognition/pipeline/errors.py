"""PipelineError
├── BadFrame        a message that is no image, or one that may not be decoded
└── RejectedImage   a reference image that cannot be enrolled, with the reason
"""


class PipelineError(Exception):
    """Base of all that the pipeline raises. `code` is for programs, the text for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)  # both, so that it can be handed from one process to another
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


class BadFrame(PipelineError):
    """The bytes are not a JPEG that may be decoded; the frame is refused, the camera goes on."""


class RejectedImage(PipelineError):
    """The image cannot serve as a reference; the message says why and what would help."""
