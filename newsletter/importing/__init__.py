"""Past issues from elsewhere: a foreign file or folder → issues as sectioned Markdown. One kind of source per module."""
