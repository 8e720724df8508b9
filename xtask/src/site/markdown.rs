//! Markdown as HTML, with the anchors that GitHub gives to headings.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// A page.
pub(crate) struct Rendered {
    /// The first heading.
    pub(crate) title: String,
    pub(crate) html: String,
    /// The anchors of its headings.
    pub(crate) headings: BTreeSet<String>,
    /// Where its links lead.
    pub(crate) links: Vec<String>,
}

/// Renders Markdown; a function says what becomes of each link.
///
/// # Errors
///
/// Those of the function.
pub(crate) fn render(text: &str, link: impl Fn(&str) -> Result<String, String>) -> Result<Rendered, String> {
    let mut events: Vec<Event<'_>> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let mut page = Rendered { title: String::new(), html: String::new(), headings: BTreeSet::new(), links: Vec::new() };
    for at in 0..events.len() {
        let words = matches!(events[at], Event::Start(Tag::Heading { .. })).then(|| words(&events[at..]));
        let is_empty = matches!(events.get(at + 1), Some(Event::End(TagEnd::TableCell)));
        match &mut events[at] {
            Event::Start(Tag::Heading { id, .. }) => {
                let words = words.unwrap_or_default();
                let anchor = page.anchor(&words);
                *id = Some(anchor.into());
                if page.title.is_empty() {
                    page.title = words;
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let leads = link(dest_url)?;
                page.links.push(leads.clone());
                *dest_url = leads.into();
            }
            // What heads no column is no heading.
            Event::Start(Tag::TableCell) if is_empty => {
                events[at] = Event::Html("<td>".into());
                events[at + 1] = Event::Html("</td>".into());
            }
            // Code is read by keys where it does not fit.
            Event::Start(Tag::CodeBlock(_)) => events[at] = Event::Html("<pre tabindex=\"0\"><code>".into()),
            Event::End(TagEnd::CodeBlock) => events[at] = Event::Html("</code></pre>\n".into()),
            _ => {}
        }
    }
    html::push_html(&mut page.html, events.into_iter());
    Ok(page)
}

impl Rendered {
    /// An anchor that no heading has yet.
    fn anchor(&mut self, words: &str) -> String {
        let kept = words
            .to_lowercase()
            .chars()
            .filter(|char| char.is_alphanumeric() || " -_".contains(*char))
            .collect::<String>();
        let anchor = kept.replace(' ', "-");
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let mut anchors = std::iter::once(anchor.clone()).chain(numbered);
        let free = anchors.find(|anchor| !self.headings.contains(anchor)).unwrap_or_default();
        self.headings.insert(free.clone());
        free
    }
}

/// The words of a heading, whose events come first.
fn words(events: &[Event<'_>]) -> String {
    let heading = events.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let text = |event: &Event<'_>| match event {
        Event::Text(text) | Event::Code(text) => text.to_string(),
        _ => String::new(),
    };
    heading.map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn headings_have_the_anchors_of_github() {
        let page = render("# A `b` of c\n\n## Use it, now\n\n## Use it now\n", |link| Ok(link.to_owned()));
        let page = page.expect("no link is refused");
        assert_eq!(page.title, "A b of c");
        assert_eq!(page.headings.into_iter().collect::<Vec<_>>(), ["a-b-of-c", "use-it-now", "use-it-now-1"]);
    }
}
