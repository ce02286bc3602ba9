"""Text that a notebook shows as prose, its dollars and labels kept what they are."""

from __future__ import annotations

from toolkit.display import in_markdown, literal


class Sentence(str):
    """Text that a notebook shows as prose; it is an ordinary str otherwise.

    Examples
    --------
    >>> Sentence("US$ 5 bn against US$ 65 bn").upper()
    'US$ 5 BN AGAINST US$ 65 BN'
    """

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        """Return the text as Markdown, its dollars kept from starting a formula."""
        return in_markdown(self)


class Told(Sentence):
    r"""A sentence made of figures and labels, none of which is meant as Markdown.

    Labels come with data. Shown as prose, or put into a text that is, they stay what
    they are.

    Examples
    --------
    >>> told = Told("[Urea](http://x): US$ 5 mn")
    >>> print(told)
    [Urea](http://x): US$ 5 mn
    >>> print(told._repr_markdown_())
    \[Urea\](http://x): US<span>\$</span> 5 mn
    """

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return Sentence(literal(self))._repr_markdown_()

    def __format__(self, spec: str) -> str:
        return format(literal(self), spec)
