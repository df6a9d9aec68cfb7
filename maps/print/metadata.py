"""What a figure's file says of itself: title, sources, attribution, licences and language.

Sources: https://www.w3.org/TR/png-3/#11keywords (PNG); ISO 32000-1, 14.3 (PDF), 7.5.6 (changes at
the end of a file), and 14.7 to 14.9 (tags); https://developer.adobe.com/xmp/docs/ (XMP)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from borders import __version__
from borders.files.atomic import valid_utf8
from borders.files.catalogue import attributions, source, sources

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Metadata", "described", "read_from_the_right"]

_TOOL = "Araxes"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{rights}</rdf:li></rdf:Alt></dc:rights>
<dc:source>{source}</dc:source>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a figure shows, after whom, and under what licences.

    Parameters
    ----------
    source : what it is drawn after, parted by semicolons.
    rights : attributions, and SPDX ids of licences.
    """

    title: str = ""
    source: str = ""
    rights: str = ""
    language: str = "en"

    @classmethod
    def of(
        cls, title: str, cited: Iterable[str], *, own: Iterable[str] = (), language: str = "en"
    ) -> Metadata:
        """Return the metadata of a figure.

        Parameters
        ----------
        cited : ids of sources; those that the catalogue lacks are left out.
        own : sources that the catalogue lacks, such as the user's file.
        """
        keys = [key for key in dict.fromkeys(cited) if key in sources()]
        licences = sorted({source(key).licence for key in keys} - {""})
        rights = [*attributions(keys), *([f"licences: {', '.join(licences)}"] if licences else [])]
        after = [*(source(key).citation for key in keys), *own]
        return cls(
            title=_plain(title), source=_plain("; ".join(dict.fromkeys(after))),
            rights=_plain("; ".join(rights)), language=language,
        )  # fmt: skip

    def options(self, suffix: str) -> dict[str, Any]:
        """Return the `metadata` of matplotlib's savefig, without times and random ids."""
        tool = f"{_TOOL} {__version__}"
        stated: dict[str, Any] = {}
        if suffix == ".png":
            stated = {"Title": self.title, "Source": self.source, "Copyright": self.rights,
                      "Language": self.language}  # fmt: skip
        elif suffix == ".svg":
            stated = {"Title": self.title, "Source": self.source, "Rights": self.rights,
                      "Language": self.language}  # fmt: skip
        elif suffix == ".pdf":
            stated = {"Title": self.title, "Author": _TOOL, "Subject": self.rights, "Creator": tool}
        fixed: dict[str, dict[str, Any]] = {
            ".png": {"Software": tool}, ".svg": {"Date": None, "Creator": tool},
            ".pdf": {"CreationDate": None},
        }  # fmt: skip
        return {key: text for key, text in stated.items() if text} | fixed.get(suffix, {})

    def xmp(self) -> bytes:
        """Return the same as an XMP packet."""
        texts = {"title": self.title, "rights": self.rights, "source": self.source,
                 "language": self.language, "creator": _TOOL,
                 "tool": f"{_TOOL} {__version__}"}  # fmt: skip
        return _XMP.format(**{key: escape(text) for key, text in texts.items()}).encode()


def _plain(text: str) -> str:
    """Return a text that XML can hold, in one line."""
    return _CONTROLS.sub(" ", valid_utf8(text))


def described(pdf: bytes, stated: Metadata) -> bytes:
    """Return a PDF of matplotlib's that says what it shows, with changes added at its end.

    It has an XMP packet, names its language, shows its title in the window of a reader, and is
    tagged as one figure whose alternative text is its title and its sources. Labels are no elements
    of their own: matplotlib does not tell where in a page each is drawn.

    Parameters
    ----------
    pdf : of one page, with a table of cross-references, as matplotlib writes it.
    stated : what it shows.

    Raises
    ------
    ValueError : it is no such PDF.
    """
    end = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*\Z", pdf)
    page = re.search(rb"\b(\d+) 0 obj\s*<< *(/Type /Page\b.*?)>>\s*endobj", pdf, re.DOTALL)
    if end is None or page is None:
        message = "the PDF has no startxref at its end, or no page"
        raise ValueError(message)
    trailer = pdf[int(end[1]) :]
    size, root, info = (
        int(re.search(rb"/%s (\d+)" % key, trailer)[1])  # type: ignore[index]
        for key in (b"Size", b"Root", b"Info")
    )
    catalogue = re.search(rb"\b%d 0 obj\s*<<(.*?)>>\s*endobj" % root, pdf, re.DOTALL)[1]  # type: ignore[index]
    packet = stated.xmp()
    at_page = int(page[1])
    xmp, before, after, tree, document, figure = range(size, size + 6)
    spoken = f"{stated.title}. {stated.source}" if stated.source else stated.title
    # The whole page is the content of the figure.
    content, found = re.subn(
        rb"/Contents (\d+ 0 R)", rb"/Contents [ %d 0 R \1 %d 0 R ]" % (before, after), page[2]
    )
    if found != 1:
        message = "the page of the PDF has no stream of its own"
        raise ValueError(message)
    language = b"(%s)" % stated.language.encode()
    added = {
        root: b"<<%s /Metadata %d 0 R /Lang %s /MarkInfo << /Marked true >> /StructTreeRoot %d 0 R"
        b" /ViewerPreferences << /DisplayDocTitle true >> >>"
        % (catalogue.rstrip(), xmp, language, tree),
        at_page: b"<<%s /StructParents 0 /Tabs /S >>" % content.rstrip(),
        xmp: b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream"
        % (len(packet), packet),
        before: _stream(b"/Figure << /MCID 0 >> BDC\n"),
        after: _stream(b"\nEMC\n"),
        tree: b"<< /Type /StructTreeRoot /K [ %d 0 R ] /ParentTree << /Nums [ 0 [ %d 0 R ] ] >> >>"
        % (document, figure),
        document: b"<< /Type /StructElem /S /Document /P %d 0 R /K [ %d 0 R ] >>" % (tree, figure),
        figure: b"<< /Type /StructElem /S /Figure /P %d 0 R /Pg %d 0 R /K 0 /Lang %s /Alt <%s> >>"
        % (document, at_page, language, ("\ufeff" + spoken).encode("utf-16-be").hex().encode()),
    }
    table = b"xref\n0 1\n0000000000 65535 f \n"
    for number, body in sorted(added.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    ends = b"<< /Size %d /Root %d 0 R /Info %d 0 R /Prev %s >>" % (size + 6, root, info, end[1])
    return pdf + table + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (ends, len(pdf))


def read_from_the_right(svg: bytes) -> bytes:
    """Return an SVG of matplotlib's whose lines of text begin on the right if their letters do.

    A browser takes a line of an SVG for one that is read from the left, whatever is in it, and sets
    its words, numbers and names in another order. Where the line stands is not changed.
    """
    rules = b'<style type="text/css">'
    return svg.replace(rules, rules + b"text{unicode-bidi: plaintext}", 1)


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
