//! The sections of a Markdown text: one for each heading, and one for what stands before the first.

/// A section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section<'a> {
    /// The words of its heading, if there are any.
    pub title: Option<&'a str>,
    /// Its text, heading included.
    pub content: &'a str,
}

/// Cuts a text at its headings (CommonMark §4.2, `#` to `######`), those in fenced code excepted. A text without any is one section.
pub fn sections(text: &str) -> Vec<Section<'_>> {
    let mut cuts: Vec<(usize, Option<&str>)> = vec![(0, None)];
    let mut fence: Option<(char, usize)> = None;
    let mut at = 0_usize;
    for line in text.split_inclusive('\n') {
        match (fence, fence_of(line)) {
            (None, Some((mark, length, _))) => fence = Some((mark, length)),
            // CommonMark §4.5: a fence ends with at least as many of its marks, and nothing else.
            (Some((open, least)), Some((mark, length, true))) if mark == open && length >= least => fence = None,
            (None, None) => {
                if let Some(title) = heading(line) {
                    cuts.push((at, Some(title).filter(|title| !title.is_empty())));
                }
            }
            _ => {}
        }
        at = at.saturating_add(line.len());
    }
    let ends = cuts.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    let cut = |((start, title), end): (&(usize, Option<_>), usize)| Section {
        title: *title,
        content: text.get(*start..end).unwrap_or_default(),
    };
    let mut all: Vec<Section> = cuts.iter().zip(ends).map(cut).collect();
    if all.len() > 1 && all.first().is_some_and(|preface| preface.content.trim().is_empty()) {
        all.remove(0);
    }
    all
}

/// A line without its indentation, unless that makes it code.
fn unindented(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(' ');
    (line.len().saturating_sub(rest.len()) <= 3).then_some(rest)
}

fn heading(line: &str) -> Option<&str> {
    let rest = unindented(line)?.trim_end();
    let words = rest.trim_start_matches('#');
    let level = rest.len().saturating_sub(words.len());
    if !(1..=6).contains(&level) || !(words.is_empty() || words.starts_with([' ', '\t'])) {
        return None;
    }
    let words = words.trim();
    let open = words.trim_end_matches('#');
    Some(if open.is_empty() || open.ends_with([' ', '\t']) { open.trim_end() } else { words })
}

/// The mark of a code fence, how many there are of it, and whether that is all of the line.
fn fence_of(line: &str) -> Option<(char, usize, bool)> {
    let rest = unindented(line)?.trim_end();
    let mark = rest.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = rest.trim_start_matches(mark);
    let length = rest.len().saturating_sub(info.len());
    let fence = length >= 3 && !(mark == '`' && info.contains('`'));
    fence.then_some((mark, length, info.is_empty()))
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
            ("# \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{1f9e0}\n#\u{a0}no", &[Some("\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{1f9e0}")]),
        ] {
            let sections = sections(text);
            assert_eq!(sections.iter().map(|section| section.title).collect::<Vec<_>>(), titles, "{text:?}");
            let joined: String = sections.iter().map(|section| section.content).collect();
            assert!(text.ends_with(&joined) && joined.trim() == text.trim(), "{text:?}");
        }
    }
}
