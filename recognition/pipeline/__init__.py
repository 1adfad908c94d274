"""Pure steps from a JPEG to candidates: arrays in, arrays out; no Django, no settings, no clock, no I/O."""
