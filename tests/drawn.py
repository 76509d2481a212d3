"""What a figure says, as a reader takes it in: its title and the labels of its bars."""

import re


def plain(text):
    """Give a text of a figure on one line, without its marks of type."""
    return re.sub("<br>|\u00a0", " ", re.sub("</?b>", "", text))


def title(figure):
    """Give the title of a figure on one line."""
    return plain(figure.layout.title.text)


def labels(figure):
    """Give the labels of the bars of a figure, from the bottom to the top."""
    return [plain(text) for text in figure.data[0].y]
