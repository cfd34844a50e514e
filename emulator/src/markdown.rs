//! Cuts Markdown into sections: one for each heading, and one for the text before the first heading.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::ops::Range;

/// A section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section<'a> {
    /// The text of its heading as it is written; `None` without a heading or where the heading is empty.
    pub title: Option<&'a str>,
    /// Where it starts in the text, in bytes. The heading belongs to the section.
    pub start: usize,
    /// Where it ends in the text, in bytes; exclusive.
    pub end: usize,
}

/// Cuts a text at its ATX headings (`#`, CommonMark §4.2), except those in code, block quotes, lists and HTML. A text without any is one
/// section. White space before the first heading is left out.
pub fn sections(text: &str) -> Vec<Section<'_>> {
    let mut cuts: Vec<(usize, Option<&str>)> = vec![(0, None)];
    let mut depth = 0_usize;
    let mut heading: Option<(usize, Option<Range<usize>>)> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) if depth == 0 && is_atx(text, &range) => {
                heading = Some((range.start, None));
            }
            (Event::Start(_), None) => depth = depth.saturating_add(1),
            (Event::End(TagEnd::Heading(_)), Some((start, words))) => {
                let title = words.clone().and_then(|words| text.get(words)).map(str::trim);
                cuts.push((line_start(text, *start), title.filter(|title| !title.is_empty())));
                heading = None;
            }
            (Event::End(_), None) => depth = depth.saturating_sub(1),
            (_, Some((_, words))) => {
                let start = words.as_ref().map_or(range.start, |words| words.start);
                *words = Some(start..range.end.max(start));
            }
            _ => {}
        }
    }
    let ends = cuts.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    let cut = |((start, title), end): (&(usize, Option<_>), usize)| Section { title: *title, start: *start, end };
    let mut all: Vec<Section> = cuts.iter().zip(ends).map(cut).collect();
    let is_blank = |section: &Section| text.get(section.start..section.end).is_none_or(|text| text.trim().is_empty());
    if all.len() > 1 && all.first().is_some_and(is_blank) {
        all.remove(0);
    }
    all
}

/// Whether a heading is an ATX heading (`#`) and not a setext heading (underlined).
fn is_atx(text: &str, range: &Range<usize>) -> bool {
    text.get(range.start..).is_some_and(|heading| heading.starts_with('#'))
}

/// The start of the line that contains this position.
fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |end| end.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_their_headings() {
        for (text, titles) in [
            ("plain", &[None][..]),
            (" \n", &[None]),
            ("# One\ntext\n## Two\nmore", &[Some("One"), Some("Two")]),
            ("before\n# One", &[None, Some("One")]),
            ("\n\n# One", &[Some("One")]),
            ("# One #\r\n###### Six ###\r\n####### seven", &[Some("One"), Some("Six")]),
            ("#hashtag\n    # code\n   # Indented\n#\n# C#", &[None, Some("Indented"), None, Some("C#")]),
            ("# A\n```\n# no\n````\n# B", &[Some("A"), Some("B")]),
            ("# A\n~~~sh\n# no\n```\n# no\n~~~ x\n# no", &[Some("A")]),
            ("# A\n``` a`b\n# B", &[Some("A"), Some("B")]),
            ("> # no\n- # no\n<div>\n# no\n</div>\n\nno\n===\n# A *b* `c` & d\n", &[None, Some("A *b* `c` & d")]),
            ("# [link](x)\r# two", &[Some("[link](x)"), Some("two")]),
            ("# \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{1f9e0}\n#\u{a0}no", &[Some("\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{1f9e0}")]),
        ] {
            let sections = sections(text);
            assert_eq!(sections.iter().map(|section| section.title).collect::<Vec<_>>(), titles, "{text:?}");
            let joined: String = sections.iter().filter_map(|section| text.get(section.start..section.end)).collect();
            assert!(text.ends_with(&joined) && joined.trim() == text.trim(), "{text:?}");
        }
    }
}
