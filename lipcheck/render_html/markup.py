"""Elements of HTML as text. What is put inside an element is HTML; `text` makes it of anything else."""

from __future__ import annotations

import html

text = html.escape


def tag(name: str, /, *inside: str, **attributes: str | bool | None) -> str:
    """The element, its attributes escaped; `class_` stands for class, "-" in a name is written "_".

    An attribute that is False or None is left out, one that is True has no value.
    """
    words = [name]
    for key, value in attributes.items():
        label = key.rstrip("_").replace("_", "-")
        if value is True:
            words.append(label)
        elif value is not None and value is not False:
            words.append(f'{label}="{html.escape(value)}"')
    return f"<{' '.join(words)}>{''.join(inside)}</{name}>"
