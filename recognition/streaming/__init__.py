"""A camera that is no browser: frames of a file, an address or a device, through the same socket."""
