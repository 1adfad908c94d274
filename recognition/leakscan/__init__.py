"""Has anything of a face been left behind? Looks for pictures and templates of given people wherever data can lie.

pieces      what is looked at: bytes, with the place they were found in
database traffic redis files   where pieces come from
sealed      pieces that the vault opens, opened
encodings   bytes inside bytes: base64, hexadecimal, escapes, compression
images templates   what counts as a picture, and as a template, in bytes
likeness scan      whether it is somebody who is looked for
"""
