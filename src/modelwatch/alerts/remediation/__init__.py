"""What is done about an alert that lasts: the action, when it is due, the request it makes, whether it helped."""
