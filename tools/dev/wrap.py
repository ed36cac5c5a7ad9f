"""Rewraps the paragraphs and list items of documents that have a line of more than 120 columns: wrap.py FILE..."""
import re
import sys
import textwrap

COLUMNS_MAX = 120
# What begins a new paragraph or is not prose at all.
ITEM = re.compile(r"(\s*(?:[-*+]|\d+[.)])\s+)")
NOT_PROSE = re.compile(r"\s*$|\s*(#|\||>|<|```|~~~|\[[^\]]+\]:)|\s{4,}\S")


def wrap(text):
    out, paragraph, fenced, indent = [], [], False, 0

    def flush():
        if any(len(line) > COLUMNS_MAX for line in paragraph):
            lead = ITEM.match(paragraph[0])
            first = lead.group(1) if lead else re.match(r"\s*", paragraph[0]).group()
            words = " ".join([paragraph[0][len(first):], *(line.strip() for line in paragraph[1:])])
            out.extend(textwrap.wrap(words, COLUMNS_MAX, initial_indent=first, subsequent_indent=" " * len(first),
                                     break_long_words=False, break_on_hyphens=False))
        else:
            out.extend(paragraph)
        paragraph.clear()

    for line in text.splitlines():
        fence = line.lstrip().startswith(("```", "~~~"))
        lead = ITEM.match(line)
        continues = paragraph and not lead and 0 < len(line) - len(line.lstrip()) <= indent
        if fenced or fence or (NOT_PROSE.match(line) and not continues):
            flush()
            out.append(line)
            fenced ^= fence
            continue
        if lead:
            flush()
            indent = len(lead.group(1))
        elif not paragraph:
            indent = 0
        paragraph.append(line)
    flush()
    return "\n".join(out) + "\n"


def main():
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            before = file.read()
        after = wrap(before)
        if after != before:
            with open(path, "w", encoding="utf-8") as file:
                file.write(after)


if __name__ == "__main__":
    main()
