"""The extension's options, by what they are about. ``GroupChat`` is all of them together."""
