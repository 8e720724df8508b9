//! The pages of rules as HTML.

use pulldown_cmark::{Event, Options, Parser, html};

/// Our own Markdown as HTML. What it quotes of documents is text in any case.
pub(crate) fn to_html(markdown: &str) -> String {
    let as_text = |event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        event => event,
    };
    let mut page = String::new();
    html::push_html(&mut page, Parser::new_ext(markdown, Options::ENABLE_TABLES).map(as_text));
    page
}
