//! One self-contained HTML page: its markup is here, its style in `page.css`, its behaviour in `page.js`. Without the
//! script it is a list in the order of the files.

use maud::{Markup, PreEscaped, html};
use unicode_width::UnicodeWidthStr;

use crate::document::secret::overwritten;
use crate::finding::fix::Fix;
use crate::finding::{Finding, Label, Level};
use crate::model::shape::MODEL;
use crate::report::excerpt::{Excerpt, ExcerptLine};
use crate::report::{Entry, Format, Fragment, Source, Summary, Unreadable, in_words};
use crate::text::lines::{Lines, Position};
use crate::text::quote::printable;
use crate::text::span::{Span, SpanSet};

pub(super) static HTML: Entry = Entry {
    name: "html",
    summary: "One page to read in a browser, which needs nothing else",
    make: |options| Box::new(Html { fail_on: options.fail_on }),
};

struct Html {
    fail_on: Option<Level>,
}

impl Format for Html {
    fn opening(&self) -> String {
        opening()
    }

    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let text = overwritten(source.text, source.secrets);
        let lines = Lines::new(&text, source.origin);
        let path = printable(source.path.to_owned());
        let secrets = SpanSet::of(source.secrets.to_vec());
        Fragment::of(source.findings, |report, finding| {
            report.push_str(&entry(finding, &path, (&text, &secrets), &lines).into_string());
            report.push('\n');
        })
    }

    fn closing(&self, summary: &Summary) -> String {
        closing(summary, self.fail_on)
    }
}

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The SHA-256 of the style and of the script in base64, by which browsers know that they are ours. The test
/// `the_page_asks_for_nothing` compares them, and tells the new ones.
const STYLE_HASH: &str = "6O6djGDV0Gk1ywAdVUvHDTtNvmOLCuT02HTL64xD1T8=";
const SCRIPT_HASH: &str = "D5UfiycOJZ4fQHl/pexsvq02zfz8SQhBgpys1jXUMW0=";

/// The longest text of an edit that is not shortened, in characters.
const LONGEST: usize = 80;
/// The longest line of an excerpt that is not cut, in columns.
const COLUMNS: usize = 140;

/// The page up to its findings.
fn opening() -> String {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; \
         base-uri 'none'; form-action 'none'"
    );
    let head = html! {
        meta charset="utf-8";
        meta http-equiv="Content-Security-Policy" content=(policy);
        meta name="viewport" content="width=device-width, initial-scale=1";
        meta name="color-scheme" content="light dark";
        meta name="referrer" content="no-referrer";
        title { "imagelint report" }
        style { (PreEscaped(STYLE)) }
    };
    let header = html! {
        header {
            a .skip href="#findings" { "Skip to the findings" }
            h1 { "imagelint" span { " report" } }
            p { "version " (env!("CARGO_PKG_VERSION")) ", model " (MODEL) }
        }
    };
    let (head, header) = (head.into_string(), header.into_string());
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>{head}</head>\n<body>\n{header}\n<main id=\"findings\" aria-label=\"Findings\" tabindex=\"-1\">\n"
    )
}

/// The page after its findings.
fn closing(summary: &Summary, fail_on: Option<Level>) -> String {
    let counts = [(Level::Error, summary.errors), (Level::Warning, summary.warnings), (Level::Info, summary.infos)];
    let total: usize = counts.iter().map(|(_, count)| count).sum();
    let after = html! {
        section #summary aria-label="Summary" {
            p .verdict { strong { (verdict(summary, fail_on)) } }
            p { (summary.checked()) (summary.left_out()) (marked(&summary.fixes())) }
            @if !summary.unreadable.is_empty() {
                ul .unreadable {
                    @for Unreadable { path, error } in &summary.unreadable {
                        li { code { bdi { (printable(path.clone())) } } ": " (printable(error.clone())) }
                    }
                }
            }
            ul .levels {
                @for (level, count) in counts {
                    li data-level=(level.name()) {
                        span .count { b { (count) } " " (level.name()) @if count != 1 { "s" } }
                        svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" {
                            rect .track width="100" height="4" {}
                            rect .bar width=(format_args!("{:.1}", share(count, total))) height="4" {}
                        }
                    }
                }
            }
        }
        script { (PreEscaped(SCRIPT)) }
    };
    format!("</main>\n{}\n</body>\n</html>\n", after.into_string())
}

/// What the run comes to, in a line.
fn verdict(summary: &Summary, fail_on: Option<Level>) -> String {
    let is_all = summary.errors + summary.warnings + summary.infos == 0;
    match fail_on {
        _ if !summary.unreadable.is_empty() => "Not all could be read".to_owned(),
        Some(level) if summary.reaches(fail_on) => {
            format!("Fails: there are findings of level {} or above", level.name())
        }
        _ if is_all => "Passes: nothing found".to_owned(),
        Some(level) => format!("Passes: no finding reaches the level {}", level.name()),
        None => "Passes: findings of no level fail".to_owned(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "for drawing")]
fn share(count: usize, total: usize) -> f64 {
    count as f64 * 100.0 / total.max(1) as f64
}

fn entry(finding: &Finding, path: &str, (text, secrets): (&str, &SpanSet), lines: &Lines<'_>) -> Markup {
    let location = finding.location();
    let Position { line, column, .. } = location.start();
    let level = finding.level.name();
    let help = finding.help();
    html! {
        details .finding .(level) open data-level=(level) data-rule=(finding.rule.name) data-file=(path)
            data-line=(line) data-column=(column) data-document=(finding.document)
        {
            summary {
                span .level { (level) } " "
                span .message { (marked(&finding.message)) } " "
                span .place {
                    span .path { bdi { (path) } ":" } (line) ":" (column)
                    @if finding.document > 0 { span .document { " document " (finding.document + 1) } }
                } " "
                code .rule title=(finding.rule.summary.replace('`', "")) { (finding.rule.name) }
            }
            (pointer(location.pointer(), location.embedded_pointer()))
            (snippet(&Excerpt::new(path, lines, finding, COLUMNS)))
            @for label in finding.labels() {
                @if let Some(path) = label.other_file() { (elsewhere(path, label)) }
            }
            @if !help.is_empty() {
                p .help { b { "help" } " " (marked(&printable(help.to_owned()))) }
            }
            @if let Some(proposed) = finding.printable_fix() { (fix(secrets, proposed, text)) }
            @if !finding.rule.why.is_empty() { p .why { b { "why" } " " (marked(finding.rule.why)) } }
            @for source in finding.rule.source {
                p .source { b { "source" } " " (address(&in_words(source))) }
            }
        }
    }
}

/// A text in which what is in backquotes is marked up as code.
fn marked(text: &str) -> Markup {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! {
        @for (index, piece) in pieces.into_iter().enumerate() {
            @if index.is_multiple_of(2) { (piece) } @else { code { (piece) } }
        }
    }
}

fn pointer(outer: &str, embedded: Option<&str>) -> Markup {
    html! {
        @if !outer.is_empty() || embedded.is_some() {
            p .pointer {
                b { "at" } " " code .outer { (printable(outer.to_owned())) }
                @if let Some(inner) = embedded {
                    " holds JSON, at " code .embedded { (printable(inner.to_owned())) } " in it"
                }
            }
        }
    }
}

fn elsewhere(path: &str, label: &Label) -> Markup {
    let start = label.location().start();
    html! {
        p .elsewhere {
            b { "see" } " "
            bdi { (printable(path.to_owned())) } ":" (start.line) ":" (start.column)
            " " code { (printable(label.location().pointer().to_owned())) } " "
            span .says { (marked(&printable(label.text().to_owned()))) }
        }
    }
}

fn address(source: &str) -> Markup {
    html! {
        @if source.starts_with("https://") { a href=(source) rel="noopener noreferrer" { (source) } }
        @else { (marked(source)) }
    }
}

/// The title of a fix, and what its edits remove and insert, except for edits of secrets.
fn fix(secrets: &SpanSet, fix: &Fix, text: &str) -> Markup {
    html! {
        p .fix {
            b { (fix.safety.name()) " fix" } " " span .title { (marked(&printable(fix.title.to_string()))) }
            @for edit in fix.edits.iter().filter(|edit| !secrets.overlaps(edit.span)) {
                span .edit {
                    @if edit.span.start < edit.span.end { del { (brief(&text[edit.span.range()])) } }
                    @if !edit.text.is_empty() { ins { (brief(&edit.text)) } }
                }
            }
        }
    }
}

/// The start of a text, on one line.
fn brief(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = line.char_indices().nth(LONGEST).map(|(index, _)| format!("{}…", &line[..index]));
    printable(cut.unwrap_or(line))
}

/// The lines of an excerpt, with labels marked and their texts below the line.
fn snippet(excerpt: &Excerpt<'_>) -> Markup {
    let digits = excerpt.lines.last().map_or(0, |line| (line.number + 1).to_string().len());
    html! {
        pre .excerpt tabindex="0" {
            @for (index, line) in excerpt.lines.iter().enumerate() {
                @if index > 0 && excerpt.lines[index - 1].number + 1 < line.number {
                    span .line .gap { span .number { (format_args!("{:>digits$}", "⋯")) } }
                }
                span .line {
                    span .number { (format_args!("{:>digits$}", line.number + 1)) }
                    @for (text, class) in segments(excerpt, line) {
                        @match class { Some(class) => mark class=(class) { (visible(text)) }, None => (visible(text)) }
                    }
                }
                @for (index, (span, text)) in excerpt.labels.iter().enumerate() {
                    @if !text.is_empty() && line.span.range().contains(&span.start) {
                        span .line .note {
                            span .number { (format_args!("{:>digits$}", "")) }
                            (blank(excerpt.text.get(line.span.start..span.start).unwrap_or_default()))
                            span .(class_of(index)) { "╰ " (marked(text)) }
                        }
                    }
                }
            }
        }
    }
}

fn class_of(label: usize) -> &'static str {
    if label == 0 { "primary" } else { "other" }
}

/// A line without the line feed, cut where labels start and end; each piece with the
/// class of its label.
fn segments<'e>(excerpt: &'e Excerpt<'_>, line: &ExcerptLine) -> Vec<(&'e str, Option<&'static str>)> {
    let end = line.span.end - 1;
    let start = line.span.start;
    let labels: Vec<(usize, Span)> = excerpt
        .labels
        .iter()
        .enumerate()
        .filter(|(_, (span, _))| line.span.range().contains(&span.start))
        .map(|(index, (span, _))| {
            // An empty label is drawn on the character after it.
            let next = excerpt.text[span.start..end].chars().next().map_or(0, char::len_utf8);
            (index, Span::new(span.start, span.end.max(span.start + next).min(end)))
        })
        .collect();
    let mut cuts: Vec<usize> = labels.iter().flat_map(|(_, span)| [span.start, span.end]).collect();
    cuts.extend([start, end]);
    cuts.sort_unstable();
    cuts.dedup();
    let mut segments: Vec<_> = cuts
        .windows(2)
        .map(|cut| {
            let label = labels.iter().find(|(_, span)| span.contains(Span::new(cut[0], cut[1])));
            (&excerpt.text[cut[0]..cut[1]], label.map(|(index, _)| class_of(*index)))
        })
        .collect();
    // A label at the end of the line gets an empty piece.
    let at_end = labels.iter().find(|(_, span)| span.start == end);
    segments.extend(at_end.map(|(index, _)| ("", Some(class_of(*index)))));
    segments
}

/// A piece of a document's text with unprintable characters escaped, except for tabs.
fn visible(text: &str) -> String {
    text.split('\t').map(|piece| printable(piece.to_owned())).collect::<Vec<_>>().join("\t")
}

/// White space of the same width as the text.
fn blank(text: &str) -> String {
    text.split('\t').map(|piece| " ".repeat(visible(piece).width())).collect::<Vec<_>>().join("\t")
}
