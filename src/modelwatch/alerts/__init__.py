"""From checked windows to alerts and from alerts to messages; pure: what to store and send is returned as values."""
