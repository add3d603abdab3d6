"""`lipcheck report`: the page says what the ledger says, loads nothing, and works in a real browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, chromium

from lipcheck.cli import main
from lipcheck.network import from_json
from lipcheck.readings.rational import evaluate
from lipcheck.registry import load
from lipcheck.render_html.drawing import pictures
from lipcheck.render_html.numbers import shown
from lipcheck.render_html.proof import to_html
from lipcheck.render_html.typeset import plain, typeset
from lipcheck.words.claim import Claim

ROOT = Path(__file__).resolve().parents[1]
VOID = {"meta", "link", "input", "wbr", "br", "hr"}
LARGEST = 8_000_000
PLANTED = """
from lipcheck.words.claim import Claim
from lipcheck.words.verdict import Verdict

CLAIM = Claim(
    id="own.row.claim",
    source="<b>source</b>",
    printed="<script>alert('printed')</script>",
    statement="x < y & y > <img src=x onerror=alert(1)> for all x",
    expected=Verdict.UNKNOWN,
    open_because="</details><script>alert(2)</script>",
    obligations=lambda variant, budget: (),
    scope="</style>",
    covers_all=False,
)
"""


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def classes(self) -> list[str]:
        return (self.attributes.get("class") or "").split()


class Tree(HTMLParser):
    """The elements of a page; a tag that is closed out of order is an error."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.root = Element("", {})
        self._open = [self.root]
        self.feed(source)
        self.close()
        assert self._open == [self.root], f"never closed: {[e.tag for e in self._open[1:]]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> has an attribute twice"
        element = Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        last = self._open.pop()
        assert last.tag == tag, f"</{tag}> closes <{last.tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert main(["report", "--out", str(path), "--markdown", str(path.with_suffix(".md"))]) == 0
    return path


@pytest.fixture(scope="module")
def tree(page: Path) -> Element:
    return Tree(page.read_text(encoding="utf-8")).root


@pytest.fixture(scope="module")
def sheets(tree: Element) -> dict[str, Element]:
    return {str(e.attributes["id"]): e for e in tree.walk() if e.tag == "details" and "claim" in e.classes()}


@pytest.fixture(scope="module")
def ledger() -> dict[str, Any]:
    return json.loads((ROOT / "proofs" / "ledger.json").read_text(encoding="utf-8"))["claims"]


@pytest.fixture(scope="module")
def claims() -> dict[str, Claim]:
    return load()


def loaded(root: Element) -> list[str]:
    """Whatever a browser would fetch for the page."""
    found = []
    for element in root.walk():
        for name in ("src", "srcset", "data", "poster", "action", "xlink:href", "background"):
            if element.attributes.get(name):
                found.append(f"{element.tag} {name}={element.attributes[name]}")
        href = element.attributes.get("href") or ""
        if element.tag in ("a", "link") and not href.startswith("#") and href != "data:,":
            found.append(f"{element.tag} href={href}")
        styles = element.text() if element.tag == "style" else element.attributes.get("style") or ""
        found += re.findall(r"url\([^)]*\)|@import[^;]*", styles)
        if element.tag in ("iframe", "object", "embed", "base", "img", "audio", "video"):
            found.append(element.tag)
    return found


def test_every_claim_has_its_place_and_its_verdict(sheets: dict[str, Element], ledger: dict[str, Any]) -> None:
    assert sheets.keys() == ledger.keys()
    for name, sheet in sheets.items():
        entry = ledger[name]
        grade = entry["grade"] if entry["verdict"] == "refuted" else None
        assert sheet.attributes["data-verdict"] == entry["verdict"]
        assert sheet.attributes.get("data-grade") == grade
        summary = next(e for e in sheet.walk() if e.tag == "summary").text()
        assert entry["verdict"] in summary and name in summary and (grade or "") in summary


def test_ids_are_unique_and_links_resolve(tree: Element, claims: dict[str, Claim], sheets: dict[str, Element]) -> None:
    ids = [e.attributes["id"] for e in tree.walk() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = {e.attributes["href"] for e in tree.walk() if e.tag == "a"}
    assert links <= {f"#{name}" for name in ids}
    for name, claim in claims.items():
        ours = {e.attributes["href"] for e in sheets[name].walk() if e.tag == "a"}
        named = {*claim.depends_on, claim.repaired_by, claim.variant_of} - {None}
        assert {f"#{other}" for other in named} <= ours


def test_nothing_is_loaded(tree: Element) -> None:
    assert loaded(tree) == []
    planted = '<style>@import "a.css"; p { background: url(b.png) }</style><img src="c.png"><a href="https://d.e">d</a>'
    assert len(loaded(Tree(planted.replace('c.png">', 'c.png"></img>')).root)) == 5


def test_the_page_is_small(page: Path) -> None:
    assert page.stat().st_size < LARGEST


def test_the_words_are_all_there(sheets: dict[str, Element], claims: dict[str, Claim]) -> None:
    """Typesetting loses nothing of what a claim says, and the derivation is that of the file."""
    for name, claim in claims.items():
        shown_words = plain(sheets[name].text())
        words = [claim.printed, claim.source, claim.statement, claim.scope, claim.notes, claim.short, claim.minimality,
                 claim.proved_for, claim.open_because, *claim.hypotheses.values(), *(n.why for n in claim.near_misses),
                 *(mutant for mutant, _ in claim.mutations()), *(t.name for t in claim.textbook),
                 claim.snippet]  # fmt: skip
        for text in filter(None, words):
            assert plain(text) in shown_words, f"{name} does not show {text!r}"
        file, _, anchor = (claim.argument or "").partition("#")
        derivation = (ROOT / "proofs" / claim.paper / claim.row / file).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ +(.+)$", derivation, flags=re.MULTILINE)
        heading = next(h for h in headings if not anchor or slugged(h) == anchor)
        shown_headings = [plain(e.text()) for e in sheets[name].walk() if "heading" in e.classes()]
        assert plain(heading) in shown_headings, f"{name} lacks its derivation, {heading!r}"


def slugged(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_the_evidence_is_named_with_its_hashes(sheets: dict[str, Element], ledger: dict[str, Any]) -> None:
    for name, entry in ledger.items():
        text = sheets[name].text()
        assert all(f"proofs/{path}" in text and digest in text for path, digest in entry["files"].items())


def test_refuted_claims_show_numbers_snippet_and_repair(
    sheets: dict[str, Element], claims: dict[str, Claim], ledger: dict[str, Any]
) -> None:
    drawn = 0
    for name, entry in ledger.items():
        if entry["verdict"] == "refuted":
            headings = [e.text() for e in sheets[name].walk() if e.tag == "h4"]
            assert {"Counterexample", "On its own", "Repairs"} <= set(headings)
            assert ("What is true instead" in headings) == (claims[name].repaired_by is not None)
            drawn += any(e.tag == "svg" for e in sheets[name].walk())
            for path in (p for p in entry["files"] if p.endswith("counterexample.json")):
                for obligation in json.loads((ROOT / "proofs" / path).read_text(encoding="utf-8"))["obligations"]:
                    assert plain(obligation) in plain(sheets[name].text())
    assert drawn > 60


def test_the_counts_are_those_of_the_ledger(tree: Element, ledger: dict[str, Any]) -> None:
    table = next(e for e in tree.walk() if e.tag == "table" and "counts" in e.classes())
    rows = [[c.text() for c in e.walk() if c.tag in ("td", "th")] for e in table.walk() if e.tag == "tr"]
    for verdict in ("proved", "supported", "refuted", "unknown"):
        (row,) = [row for row in rows if verdict in row[0].split()[:2]]
        papers = ("anil2019", "bethune2021")
        found = [sum(e["verdict"] == verdict and n.startswith(p) for n, e in ledger.items()) for p in papers]
        assert list(map(int, row[1:])) == found


def test_the_markdown_has_every_claim(page: Path, ledger: dict[str, Any]) -> None:
    lines = page.with_suffix(".md").read_text(encoding="utf-8").splitlines()
    cells = {line.split("|")[1].strip(): line for line in lines if line.startswith("| `")}
    assert {f"`{name}`" for name in ledger} <= cells.keys()


def test_markup_in_words_is_text(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(PLANTED, encoding="utf-8")
    path = tmp_path / "own.html"
    assert main(["report", "own", "--claims", str(tmp_path / "own.py"), "--out", str(path)]) == 0
    root = Tree(path.read_text(encoding="utf-8")).root
    assert loaded(root) == []
    assert [e.tag for e in root.walk() if e.tag in ("script", "b", "img")] == ["script"]
    text = root.text()
    assert "alert('printed')" in text and "<b>source</b>" in text and "not judged" in text
    assert sum(e.tag == "details" and e.attributes.get("id") == "own.row.claim" for e in root.walk()) == 1


def test_records_bring_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records, path = tmp_path / "records.json", tmp_path / "page.html"
    assert main(["check", "anil2019.scaling.layers", "--json", str(records), "--quiet"]) == 0
    asked = ["report", "anil2019.scaling", "--records", str(records), "--out", str(path)]
    assert main(asked) == 0
    root = Tree(path.read_text(encoding="utf-8")).root
    runs = [e for e in root.walk() if e.tag == "section" and e.text().startswith("Run")]
    (record,) = json.loads(records.read_text(encoding="utf-8"))["records"]
    assert len(runs) == 1 and f"{record['seconds']:.2f} s at budget smoke" in runs[0].text()
    document = json.loads(records.read_text(encoding="utf-8"))
    document["records"][0]["statement_sha256"] = "0" * 64
    records.write_text(json.dumps(document), encoding="utf-8")
    path.unlink()
    assert main(asked) == 2 and not path.exists()
    assert "another wording of anil2019.scaling.layers" in capsys.readouterr().err
    records.write_text("{}", encoding="utf-8")
    assert main(asked) == 2
    assert "is no document of records" in capsys.readouterr().err


def test_a_budget_judges_first(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert main(["report", "anil2019.scaling.zero", "--budget", "smoke", "--quiet", "--out", str(path)]) == 0
    assert "at budget smoke" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("change", ["certificate", "wording", "entry"])
def test_evidence_that_is_not_the_ledgers_is_refused(
    tmp_path: Path, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    proofs = tmp_path / "proofs"
    for part in ("anil2019/scaling", "formal"):
        shutil.copytree(ROOT / "proofs" / part, proofs / part)
    document = json.loads((ROOT / "proofs" / "ledger.json").read_text(encoding="utf-8"))
    kept = {name: entry for name, entry in document["claims"].items() if name.startswith("anil2019.scaling")}
    (proofs / "ledger.json").write_text(json.dumps(document | {"claims": kept}), encoding="utf-8")
    asked = ["report", "anil2019.scaling", "--evidence", str(proofs), "--out", str(tmp_path / "page.html")]
    assert main(asked) == 0
    if change == "certificate":
        file = next(iter(kept["anil2019.scaling.layers"]["files"]))
        (proofs / file).write_bytes((proofs / file).read_bytes() + b"\n")
    else:
        kept["anil2019.scaling.layers"]["statement_sha256"] = "0" * 64 if change == "wording" else None
        (proofs / "ledger.json").write_text(json.dumps(document | {"claims": kept}), encoding="utf-8")
    capsys.readouterr()
    assert main(asked) == 2
    assert "anil2019" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("||W_l||_p <= 1", "‖<var>W</var><sub><var>l</var></sub>‖<sub><var>p</var></sub> ≤ 1"),
        ("x^(p+1)^k", "<var>x</var><sup><var>p</var>+1</sup><sup><var>k</var></sup>"),
        ("e^{(p+1)^k} -> 0", "<var>e</var><sup>(<var>p</var>+1)<sup><var>k</var></sup></sup> → 0"),
        ("W'W and x's class", '<var>W</var><span class="prime">′</span><var>W</var> and <var>x</var>&#x27;s class'),
        ("'less than 1' of any_norm", "&#x27;less than 1&#x27; of any_norm"),
        ("A map a such that a >= 0", "A map a such that <var>a</var> ≥ 0"),
        ("at A the map is", "at <var>A</var> the map is"),
        ("a 2 x 2 matrix, -1 < sqrt 2", "a 2 × 2 matrix, −1 &lt; √2"),
        ("pages 3-5, 1-Lipschitz, n - 1", "pages 3-5, 1-Lipschitz, <var>n</var> − 1"),
        ("LN_p", "LN<sub><var>p</var></sub>"),
        ("<b>&", "&lt;<var>b</var>&gt;&amp;"),
    ],
)
def test_formulas_are_typeset(source: str, expected: str) -> None:
    assert typeset(source) == expected
    assert plain(Tree(typeset(source)).root.text()) == plain(source)


@pytest.mark.parametrize("paper", ["anil2019", "bethune2021"])
def test_typesetting_loses_nothing_of_any_derivation(paper: str) -> None:
    files = sorted((ROOT / "proofs" / paper).glob("*/proof.md"))
    assert len(files) > 40
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            assert plain(Tree(typeset(line)).root.text()) == plain(line), f"{file}: {line}"


def test_markdown_keeps_underscores_and_takes_no_markup() -> None:
    made = to_html("||A_j||_p <= *sharp* ||A_i||_q <b>\n\n    x_1 = 2   (3)\n\n| a | b |\n|---|---|\n| `c_d` | e |\n")
    root = Tree(made).root
    assert [e.text() for e in root.walk() if e.tag == "em"] == ["sharp"]
    assert [e.text() for e in root.walk() if e.tag == "code"] == ["c_d"]
    assert "<b>" in root.text() and sum("formula" in e.classes() for e in root.walk()) == 1
    assert sum(e.tag == "table" for e in root.walk()) == 1


def polylines(svg: str) -> list[list[tuple[float, float]]]:
    lines = [e.attributes["points"] or "" for e in Tree(svg).root.walk() if e.tag == "polyline"]
    return [[(float(x), float(y)) for x, y in (p.split(",") for p in line.split())] for line in lines]


def test_a_graph_is_the_network(claims: dict[str, Claim]) -> None:
    network = {
        "inputs": 1,
        "layers": [
            {"kind": "affine", "weight": [["2"], ["-1"]], "bias": ["0", "1"]},
            {"kind": "maxmin"},
            {"kind": "affine", "weight": [["1", "0"]], "bias": ["-1/2"]},
        ],
    }
    drawn = dict((caption, svg) for svg, caption in pictures({"network": network, "x": "1"}))
    graph, wires = drawn["the graph of the network"], next(s for c, s in drawn.items() if c.startswith("the wiring"))
    (curve,) = polylines(graph)
    values = [evaluate(from_json(network), [Fraction(4 * i, 120) - 2])[0] for i in range(121)]
    low, high = min(values), max(values)
    heights = [float((high - v) / (high - low)) for v in values]
    top, bottom = min(y for _, y in curve), max(y for _, y in curve)
    assert all(abs((y - top) / (bottom - top) - h) < 0.001 for (_, y), h in zip(curve, heights, strict=True))
    edges = [e for e in Tree(wires).root.walk() if "edge" in e.classes()]
    assert len(edges) == 2 + 4 + 1 and sum("dashed" in e.classes() for e in edges) == 1


def test_points_are_drawn_where_they_are() -> None:
    ((svg, caption),) = pictures({"A": [["0", "0"], ["2", "0"]], "B": [["0", "2"]], "x": ["1", "1"]})
    root = Tree(svg).root
    assert caption == "A, B and x in the plane"
    a, other = [
        (float(e.attributes["cx"] or 0), float(e.attributes["cy"] or 0)) for e in root.walk() if e.tag == "circle"
    ]
    b, x = [
        (float(e.attributes["x"] or 0) + 4, float(e.attributes["y"] or 0) + 4) for e in root.walk() if e.tag == "rect"
    ]
    assert a[1] == other[1] and a[0] == b[0] and b[1] < a[1] < a[1] + 1
    assert x == pytest.approx(((a[0] + other[0]) / 2, (a[1] + b[1]) / 2))
    assert [caption for _, caption in pictures({"x1": "1", "x2": "0"})] == ["(x1, x2) in the plane"]
    assert [caption for _, caption in pictures({"A": ["-1"], "B": ["1"], "x": "0"})] == ["A, B and x on the line"]


@pytest.mark.parametrize(
    "data", [{"A": [["1"]], "V": [["1"]]}, {"P": [["1", "1", "1"]]}, {"labels": [1]}, "2", 3, None]
)
def test_other_data_are_not_drawn(data: Any) -> None:
    assert list(pictures(data)) == []


def test_numbers_are_shown_exactly() -> None:
    made = Tree(shown({"matrix": [["1", "-1/3"], ["0", "2"]], "x": ["1/7", "<i>"], "deep": [{"t": 0}]})).root
    assert [e.text() for e in made.walk() if e.tag == "td"] == ["1", "−1/3", "0", "2"]
    assert "(1/7, <i>)" in made.text() and [e.text() for e in made.walk() if e.tag == "dt"] == [
        "matrix",
        "x",
        "deep",
        "t",
    ]


@pytest.fixture(scope="module")
def browser(page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("the browser tests need Debian's chromium: apt-get install chromium")
    with Browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def opened(browser: Browser, page: Path) -> Browser:
    browser.media()
    browser.size(1100, 900)
    browser.open(page.as_uri())
    return browser


VISIBLE = "[...document.querySelectorAll('details.claim:not([hidden])')].map((claim) => claim.id)"


def tick(browser: Browser, value: str) -> None:
    browser.evaluate(f"document.querySelector('#filters input[value=\"{value}\"]').click()")


def search(browser: Browser, words: str) -> list[str]:
    script = (
        "const w = document.getElementById('words'); w.value = %s; w.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    browser.evaluate("{" + script % json.dumps(words) + "}")
    return browser.evaluate(VISIBLE)


def test_the_browser_has_nothing_to_complain_of(opened: Browser, page: Path, ledger: dict[str, Any]) -> None:
    assert len(opened.evaluate(VISIBLE)) == len(ledger)
    assert opened.evaluate("document.getElementById('count').textContent") == f"{len(ledger)} claims"
    assert opened.complaints() == []
    assert {url.split("#")[0] for url in opened.urls()} <= {page.as_uri(), "data:,"}
    opened.evaluate("console.error('planted'); fetch('http://127.0.0.1:9/planted').catch(() => 0)")
    assert any("planted" in words for words in opened.complaints())
    assert "http://127.0.0.1:9/planted" in opened.urls()


def test_filters_choose(opened: Browser, ledger: dict[str, Any]) -> None:
    tick(opened, "refuted")
    refuted = {name for name, entry in ledger.items() if entry["verdict"] == "refuted"}
    assert set(opened.evaluate(VISIBLE)) == refuted
    tick(opened, "constant")
    graded = {name for name in refuted if ledger[name]["grade"] == "constant"}
    assert set(opened.evaluate(VISIBLE)) == graded
    lines = "[...document.querySelectorAll('.failing li:not([hidden])')].map((line) => line.dataset.claim)"
    assert set(opened.evaluate(lines)) == graded
    tick(opened, "anil2019")
    ours = {name for name in graded if name.startswith("anil2019")}
    assert set(opened.evaluate(VISIBLE)) == ours
    assert opened.evaluate("document.getElementById('count').textContent") == f"{len(ours)} of {len(ledger)} claims"
    empty = "[...document.querySelectorAll('section.row:not([hidden])')].filter((r) => !r.querySelector(%s)).length"
    assert opened.evaluate(empty % "'.claim:not([hidden])'") == 0
    tick(opened, "anil2019")
    tick(opened, "constant")
    tick(opened, "refuted")
    assert len(opened.evaluate(VISIBLE)) == len(ledger)
    assert opened.complaints() == []


def test_search_finds_words_ids_and_formulas(opened: Browser, claims: dict[str, Claim]) -> None:
    assert "anil2019.scaling.layers" in search(opened, "anil2019.scaling.layers")
    assert search(opened, "no such words anywhere") == []
    statement = claims["anil2019.backprop_nonincreasing"].statement
    assert "||W_l||_p <= 1" in statement
    assert "anil2019.backprop_nonincreasing" in search(opened, "||W_l||_p <= 1")
    assert search(opened, "STONE-weierstrass")


def test_claims_unfold_and_links_lead_to_them(opened: Browser) -> None:
    name = "anil2019.scaling.layers"
    box = f"document.getElementById('{name}')"
    assert opened.evaluate(f"{box}.querySelector('.sheet').checkVisibility()") is False
    opened.evaluate(f"{box}.querySelector('summary').click()")
    assert opened.evaluate(f"{box}.open && {box}.querySelector('.sheet').checkVisibility()")
    tick(opened, "proved")
    assert opened.evaluate(f"{box}.hidden")
    opened.evaluate(f"{box}.open = false")
    follow = f"new Promise((done) => {{ addEventListener('hashchange', () => done(1)); location.hash = '{name}' }})"
    opened.evaluate(follow)
    assert opened.evaluate(f"{box}.open && !{box}.hidden && Math.abs({box}.getBoundingClientRect().top) < 100")
    search(opened, "anil2019.scaling")
    opened.evaluate("document.getElementById('unfold').click()")
    opened_now = opened.evaluate("[...document.querySelectorAll('details.claim[open]')].map((c) => c.id)")
    assert set(opened_now) == set(opened.evaluate(VISIBLE))
    opened.evaluate("document.getElementById('fold').click()")
    assert opened.evaluate("document.querySelectorAll('details.claim[open]').length") == 0
    assert opened.complaints() == []


def test_nothing_is_wider_than_a_phone(opened: Browser) -> None:
    opened.size(360, 740, mobile=True)
    opened.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    assert opened.evaluate("visualViewport.width") == 360
    opened.evaluate("document.querySelector('h1').style.width = '500px'")
    assert opened.evaluate("document.documentElement.scrollWidth") > 360, "what is too wide is noticed"


CONTRAST = """
(() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const worst = {ratio: 99};
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest("script")) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(numbers(e.closest("svg") ? style.fill : style.color)), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst.ratio) Object.assign(worst, {ratio, words: e.textContent.slice(0, 40), name: e.className});
  }
  return [worst, light(behind(document.body))];
})()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_by_day_and_by_night(opened: Browser, scheme: str) -> None:
    opened.media(scheme=scheme)
    search(opened, "anil2019.s")
    opened.evaluate("document.getElementById('unfold').click()")
    worst, brightness = opened.evaluate(CONTRAST)
    assert worst["ratio"] >= 4.5, worst
    assert brightness > 0.8 if scheme == "light" else brightness < 0.05
    opened.evaluate("document.querySelector('h1').style.color = '#777'")
    assert opened.evaluate(CONTRAST)[0]["ratio"] < 4.5, "what is pale is noticed"


def pages_of(pdf: bytes) -> int:
    assert pdf.startswith(b"%PDF")
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_it_prints_unfolded_or_folded(opened: Browser) -> None:
    search(opened, "anil2019.scaling")
    count = len(opened.evaluate(VISIBLE))
    unfolded = pages_of(opened.pdf())
    assert opened.evaluate("document.querySelectorAll('details.claim[open]').length") == 0, "as before printing"
    opened.evaluate("document.getElementById('print-folded').click()")
    folded = pages_of(opened.pdf())
    assert folded < unfolded and unfolded >= count / 2


def test_it_can_be_read_without_scripts(browser: Browser, page: Path, ledger: dict[str, Any], tmp_path: Path) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.media()
        browser.size(1100, 900)
        browser.open(page.as_uri())
        assert browser.evaluate("document.getElementById('filters').checkVisibility()") is False
        assert len(browser.evaluate(VISIBLE)) == len(ledger)
        x, y = browser.evaluate(
            "(() => { const s = document.querySelector('details.claim summary'); s.scrollIntoView({block: 'center'});"
            " const r = s.getBoundingClientRect(); return [r.x + 20, r.y + 10] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        assert browser.evaluate("document.querySelector('details.claim .sheet').checkVisibility()")
        browser.media("print")
        script = "[...document.querySelectorAll('.sheet')].slice(0, 50).every((s) => s.checkVisibility())"
        assert browser.evaluate(script), "closed claims are printed unfolded"
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
