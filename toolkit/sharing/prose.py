"""Text for a page: Markdown, mathematics and HTML outputs, made safe."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

import bleach
import latex2mathml.converter
from bs4 import BeautifulSoup
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from toolkit.display import DOLLAR

TAGS = frozenset(
    (
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "br"),
        *("div", "span", "strong", "em", "b", "i", "small", "sub", "sup", "code"),
        *(
            "details",
            "summary",
            "pre",
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
            "a",
            "h2",
            "h3",
            "h4",
            "hr",
        ),
    )
)
ATTRIBUTES = {
    "a": ["href", "title"],
    "th": ["colspan", "rowspan", "scope"],
    "td": ["colspan", "rowspan", "class"],
}
# A dollar after "US" is money, not the beginning of a formula. Code stays as it is.
CODE = re.compile(r"(```.*?```|`[^`]*`)", re.DOTALL)
MONEY = re.compile(r"(?<![\w$\\])US\$")
NUMBER = re.compile(r"[-+\u2212]?[\d,.]+(e[-+]?\d+)? ?%?|NaN|nan|inf")
MATHML_TAG = re.compile(r"\{http://www\.w3\.org/1998/Math/MathML\}m[a-z]+")
HARMFUL = re.compile(r"on|.*href|src|action|style", re.IGNORECASE)
PROTOCOLS = frozenset(("http", "https", "mailto"))


def markdown(text: str, attachments: dict[str, dict[str, str]] | None = None) -> Markup:
    """Return Markdown as HTML: raw HTML escaped, mathematics as MathML.

    Examples
    --------
    >>> print(markdown("**5 %** <script>alert(1)</script> [x](javascript:alert(1))"))
    <p><strong>5 %</strong> &lt;script&gt;alert(1)&lt;/script&gt; <a
    href="#harmful-link">x</a></p>
    """
    renderer = _Renderer(
        escape=True,
        allow_harmful_protocols=False,
        exclude_anchor_links=True,
        attachments=attachments or {},
    )
    pieces = CODE.split(text.replace(DOLLAR, r"\$"))
    pieces[::2] = [MONEY.sub(r"US\\$", piece) for piece in pieces[::2]]
    return Markup(MarkdownWithMath(renderer=renderer).render("".join(pieces)))


class _Renderer(IPythonRenderer):
    """Markdown with formulas as MathML, so that no script is needed to show them."""

    def block_math(self, body: str) -> str:
        return mathml(body, "block")

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def block_html(self, html: str) -> str:
        return f"<p>{self.escape_html(html.strip())}</p>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return an attached picture; another file would be a request."""
        if url.startswith("attachment:"):
            return super().image(text, url, title)
        return f"<em>[picture: {self.escape_html(text or url)}]</em>"


def mathml(latex: str, display: str) -> str:
    r"""Return LaTeX as MathML; what cannot be converted stays as code.

    The converter hands the text of a formula on unescaped, so what it returns is
    taken only if it is well-formed and holds MathML and nothing else.

    Examples
    --------
    >>> mathml("P^{1-\\sigma}", "inline").startswith("<math")
    True
    >>> mathml("\\text{<b>x</b>}", "inline")
    '<code>\\text{&lt;b&gt;x&lt;/b&gt;}</code>'
    """
    try:
        found = latex2mathml.converter.convert(latex, display=display)
    except Exception:  # the converter raises many kinds; the reader gets the source
        found = ""
    return found if _is_mathml(found) else f"<code>{html.escape(latex)}</code>"


def _is_mathml(text: str) -> bool:
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return False
    return all(
        MATHML_TAG.fullmatch(str(element.tag))
        and not any(HARMFUL.match(name) for name in element.attrib)
        for element in root.iter()
    )


def safe_html(text: str) -> Markup:
    """Return an HTML output without scripts, styles, handlers or foreign links.

    Examples
    --------
    >>> print(safe_html("<b onclick='x()'>a</b><style>b{}</style><script>c</script>"))
    <b>a</b>
    """
    soup = BeautifulSoup(text, "html.parser")
    for element in soup(["script", "style", "iframe", "object", "embed", "template"]):
        element.decompose()
    for cell in soup("th"):
        if not cell.get_text().strip():
            cell.name = "td"  # a head without words is no head
    for cell in soup("td"):
        cell["class"] = "number" if NUMBER.fullmatch(cell.get_text().strip()) else ""
    clean = bleach.clean(
        str(soup), tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True
    )
    return Markup(clean)


def python_code(source: str) -> Markup:
    """Return Python source with its parts marked for the style sheet."""
    return Markup(highlight(source, PythonLexer(), HtmlFormatter(classprefix="py-")))
