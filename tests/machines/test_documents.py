"""libyaml, where it is used, reads what PyYAML reads and counts lines and columns alike."""

import random
from pathlib import Path

import pytest
import yaml

from workbench.machines import documents

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "machines").rglob("*.yaml"), *(ROOT / "tests" / "machines" / "cases").glob("*.yaml")])
SHARED = sorted((ROOT.parent / "shared" / "data" / "machines").rglob("*.yaml"))
BITS = [
    *"{}[]:,-&*!|>'\"#%@` \n\u00e9\U0001f69a\x07",
    "- ", ": ", "\n  ", "...\n", "---\n", "<<: *a", "&a ", "*a ", "!!str ",
    "|\n   ", ">-\n ", " #c\n", "''", '"\\n"', "\\", "key: ", "%YAML 1.1\n---\n",
]  # fmt: skip

pytestmark = pytest.mark.skipif(not yaml.__with_libyaml__, reason="needs PyYAML built with libyaml")


def shape(node, seen):
    if id(node) in seen:
        return "alias"
    seen.add(id(node))
    mark = node.start_mark
    place = (mark.line, mark.column) if node.value else ()  # nothing at all has no one column in [a: ]
    if isinstance(node, yaml.ScalarNode):
        return (node.tag, place, node.value)
    return (node.tag, place, [shape(child, seen) for child in documents.children(node)])


def read(reader, text):
    try:
        return [shape(node, set()) for node in documents._nodes(reader(text))]
    except (yaml.YAMLError, ValueError, OverflowError):
        return None


def damaged(text, seed):
    chance = random.Random(seed)
    letters = list(text[:1500])
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(len(letters) + 1)
        if chance.random() < 0.7:
            letters[place:place] = chance.choice(BITS)
        else:
            del letters[place : place + chance.randrange(1, 4)]
    return "".join(letters)


@pytest.mark.parametrize("path", [*FILES, *SHARED], ids=lambda path: path.stem)
def test_a_file_reads_the_same_with_both(path):
    text = path.read_text(encoding="utf-8-sig")
    if documents._READ_OTHERWISE.search(text):
        return
    assert read(documents._Libyaml, text) == read(documents._Python, text)


def test_a_damaged_file_is_never_taken_by_libyaml_alone_and_reads_the_same():
    texts = [path.read_text(encoding="utf-8") for path in FILES]
    taken = 0
    for seed in range(600):
        text = damaged(texts[seed % len(texts)], seed)
        fast = None if documents._READ_OTHERWISE.search(text) else read(documents._Libyaml, text)
        if fast is not None:
            assert fast == read(documents._Python, text), text
            taken += 1
    assert taken > 100


def test_where_they_differ_pyyaml_is_asked():
    for text in ("a:\tb", "{a: ho?t}", "a: x\r\nb: [c,\r\n d]", "a: \ufeffb", "a: 'x\u2028y'"):
        assert documents._READ_OTHERWISE.search(text)
    _, broken = documents.compose_documents("a:\tb")
    assert broken is not None
    assert read(documents._Libyaml, "a:\tb") is not None
