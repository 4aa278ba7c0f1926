"""The channels, one file each: how each says a notification, without touching the network itself."""
