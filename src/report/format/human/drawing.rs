//! Draws a finding as rustc does: the excerpt with annotate-snippets, the words from the finding's side as a
//! diagnostic of miette's.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::renderer::{DEFAULT_ADDITION_STYLE, DEFAULT_REMOVAL_STYLE};
use annotate_snippets::renderer::{DEFAULT_EMPHASIS_STYLE, DEFAULT_LINE_NUM_STYLE, Renderer};
use annotate_snippets::renderer::{DEFAULT_ERROR_STYLE, DEFAULT_INFO_STYLE, DEFAULT_WARNING_STYLE, Style as Ansi};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Padding, Snippet};
use miette::{Diagnostic, Severity};
use unicode_width::UnicodeWidthStr;

use crate::finding::Finding;
use crate::finding::fix::Fix;
use crate::report::excerpt::{Excerpt, ExcerptLine};
use crate::report::format::human::change::{ChangedLine, changed_lines};
use crate::report::{Style, pointer, source};
use crate::text::lines::Lines;
use crate::text::quote::{counted, is_unprintable, printable};
use crate::text::wrap::wrapped;

/// The columns between the number of a line and its text.
pub(super) const MARGIN: usize = 3;
/// A width that no excerpt has, as lines are cut already.
const UNLIMITED: usize = 1 << 20;
/// Lines that are further apart are in excerpts of their own.
const FAR: usize = 100;

/// A finding to draw, but for its words.
pub(super) struct Drawing<'f> {
    style: Style,
    excerpt: Excerpt<'f>,
    /// The width of the highest number of a line.
    digits: usize,
}

impl<'f> Drawing<'f> {
    pub(super) fn new(style: Style, mut excerpt: Excerpt<'f>) -> Self {
        let last = excerpt.lines.iter().map(|line| line.number + 1).max().unwrap_or(1);
        excerpt.text = mask_unprintable(&excerpt.text);
        Drawing { style, excerpt, digits: last.to_string().len() }
    }

    /// Draws what is wrong, where, and what to do about it.
    pub(super) fn finding(&self, finding: &Finding, lines: &Lines<'_>, report: &mut String) {
        self.head(finding, report);
        self.snippets(finding, true, report);
        self.help(finding, lines, report);
    }

    /// Draws the excerpt below a line that says where it is, and what to do.
    pub(super) fn excerpt(&self, finding: &Finding, lines: &Lines<'_>, report: &mut String) {
        self.snippets(finding, false, report);
        self.help(finding, lines, report);
    }

    fn help(&self, finding: &Finding, lines: &Lines<'_>, report: &mut String) {
        if let Some(help) = Diagnostic::help(finding) {
            self.note("help", &help.to_string(), report);
        }
        if let Some(fix) = finding.printable_fix() {
            self.note(&format!("{} fix", fix.safety.name()), &fix.title, report);
            self.change(fix, lines, report);
        }
    }

    /// Draws the lines that a fix changes, before and after.
    fn change(&self, fix: &Fix, lines: &Lines<'_>, report: &mut String) {
        let digits = self.digits;
        let (changed, more) = changed_lines(lines, fix, self.style.width.saturating_sub(self.indent()));
        for ChangedLine { sign, number, text } in changed {
            let ansi = if sign == '-' { DEFAULT_REMOVAL_STYLE } else { DEFAULT_ADDITION_STYLE };
            let number = self.styled(DEFAULT_LINE_NUM_STYLE, &format!("{number:digits$}"));
            let text = mask_unprintable(&text);
            let text = self.styled(ansi, format!("{sign} {text}").trim_end());
            writeln!(report, "{number} {text}").expect("a String takes all");
        }
        if more > 0 {
            self.note("more", &format!("{} changed", counted(more, "other line")), report);
        }
    }

    /// Draws why the rule of a finding exists, and what says so.
    pub(super) fn explanation(&self, finding: &Finding, report: &mut String) {
        if !finding.rule.why.is_empty() {
            self.note("why", finding.rule.why, report);
        }
        let Some(source) = source(finding) else { return };
        if source.starts_with("https:") {
            self.note("source", "", report);
            // An address that would be broken starts at the margin.
            let indent = if self.indent() + source.width() > self.style.width { 0 } else { self.indent() };
            writeln!(report, "{:indent$}{source}", "").expect("a String takes all");
        } else {
            // Some name themselves: `observed: …`.
            let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase());
            let (name, text) = source.split_once(": ").filter(|(name, _)| is_name(name)).unwrap_or(("source", &source));
            self.note(name, text, report);
        }
    }

    /// Writes the level, the rule and the message, on one line if they fit.
    fn head(&self, diagnostic: &dyn Diagnostic, report: &mut String) {
        let (level, ansi) = match diagnostic.severity() {
            Some(Severity::Advice) => ("info", DEFAULT_INFO_STYLE),
            Some(Severity::Warning) => ("warning", DEFAULT_WARNING_STYLE),
            Some(Severity::Error) | None => ("error", DEFAULT_ERROR_STYLE),
        };
        let code = diagnostic.code().map(|code| code.to_string()).unwrap_or_default();
        let before = level.len() + code.len() + "[]: ".len();
        let width = self.style.width;
        let message = wrapped(&diagnostic.to_string(), width.saturating_sub(before), width.saturating_sub(2));
        let code = match diagnostic.url().filter(|_| self.style.links) {
            Some(url) => format!("\u{1b}]8;;{url}\u{1b}\\{code}\u{1b}]8;;\u{1b}\\"),
            None => code,
        };
        let message = message.join("\n  ");
        let separator = if message.starts_with('\n') { ":" } else { ": " };
        let label = self.styled(ansi, &format!("{level}[{code}]"));
        let message = self.styled(DEFAULT_EMPHASIS_STYLE, &format!("{separator}{message}"));
        writeln!(report, "{label}{message}").expect("a String takes all");
    }

    /// Draws the excerpt, with the place of each part of it; that of the first one only if asked.
    fn snippets(&self, diagnostic: &dyn Diagnostic, places_first: bool, report: &mut String) {
        let level = match diagnostic.severity() {
            Some(Severity::Advice) => Level::INFO,
            Some(Severity::Warning) => Level::WARNING,
            Some(Severity::Error) | None => Level::ERROR,
        };
        let parts = self.parts().into_iter().enumerate();
        let groups: Vec<Group<'_>> = parts
            .map(|(index, part)| {
                let (snippet, place) = self.snippet(index == 0, part);
                let group = match index {
                    0 if !places_first => Group::with_level(level.clone()),
                    _ => Group::with_title(level.clone().no_name().secondary_title(place)),
                };
                group.element(snippet).element(Padding)
            })
            .collect();
        let renderer = if self.style.color { Renderer::styled() } else { Renderer::plain() };
        report.push_str(&renderer.term_width(UNLIMITED).render(&groups));
        report.push('\n');
    }

    /// The lines of each part of the excerpt, that with the primary label first.
    fn parts(&self) -> Vec<Range<usize>> {
        let lines = &self.excerpt.lines;
        let follows = |one: &ExcerptLine, other: &ExcerptLine| {
            one.file == other.file && (one.number + 1..=one.number + FAR).contains(&other.number)
        };
        let mut parts: Vec<Range<usize>> = Vec::new();
        for part in lines.chunk_by(follows) {
            let start = parts.last().map_or(0, |part| part.end);
            parts.push(start..start + part.len());
        }
        parts.sort_by_key(|part| !self.labels_in(part).contains(&0));
        parts
    }

    /// The labels that are on some lines.
    fn labels_in(&self, part: &Range<usize>) -> Vec<usize> {
        let lines = &self.excerpt.lines[part.clone()];
        let is_in = |start: usize| lines.iter().any(|line| line.span.range().contains(&start));
        (0..self.excerpt.labels.len()).filter(|label| is_in(self.excerpt.labels[*label].0.start)).collect()
    }

    /// A part of the excerpt for annotate-snippets, and its place. Lines between those shown are empty, and are not
    /// drawn.
    fn snippet(&self, is_first: bool, part: Range<usize>) -> (Snippet<'static, Annotation<'static>>, String) {
        let Excerpt { text, lines, labels, .. } = &self.excerpt;
        let shown = self.labels_in(&part);
        let place = shown.first().map(|label| self.place(is_first, *label)).unwrap_or_default();
        let part = &lines[part];
        let mut before = part[0].number;
        let mut source = String::new();
        let mut annotations = Vec::new();
        for (index, line) in part.iter().enumerate() {
            source.extend(std::iter::repeat_n('\n', line.number.saturating_sub(before + 1)));
            before = line.number;
            let start = source.len();
            source.push_str(&text[line.span.range()]);
            // The last line feed makes it count an empty last line.
            let end = if index + 1 == part.len() { source.len() } else { source.len() - 1 };
            annotations.push(AnnotationKind::Visible.span(start..end));
            for label in &shown {
                let (span, text) = &labels[*label];
                if line.span.range().contains(&span.start) {
                    let kind = if *label == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                    let annotation =
                        kind.span(start + span.start - line.span.start..start + span.end - line.span.start);
                    let text = Some(text.clone()).filter(|text| !text.is_empty());
                    annotations.push(annotation.label(text));
                }
            }
        }
        (Snippet::source(source).line_start(part[0].number + 1).annotations(annotations), place)
    }

    /// Where a label is: path, line, column and pointer, on one line if they fit.
    fn place(&self, is_first: bool, label: usize) -> String {
        let (path, location) = &self.excerpt.places[label];
        let arrow = if is_first { "-->" } else { ":::" };
        let path = format!("{}:{}:{}", printable(path.clone()), location.start.line, location.start.column);
        let pointer = printable(pointer(location).into_owned());
        let indent = self.digits + arrow.len() + 1;
        let (digits, arrow) = (self.digits, self.styled(DEFAULT_LINE_NUM_STYLE, arrow));
        let separator = match indent + path.width() + 1 + pointer.width() {
            _ if pointer.is_empty() => String::new(),
            width if width <= self.style.width => " ".to_owned(),
            _ => format!("\n{:indent$}", ""),
        };
        format!("{:digits$}{arrow} {path}{separator}{pointer}", "")
    }

    /// Writes a named text below the excerpt.
    fn note(&self, name: &str, text: &str, report: &mut String) {
        let digits = self.digits;
        let indent = self.indent() + name.len() + ": ".len();
        let room = self.style.width.saturating_sub(indent);
        let text = wrapped(&printable(text.to_owned()), room, room).join(&format!("\n{:indent$}", ""));
        let sign = self.styled(DEFAULT_LINE_NUM_STYLE, "=");
        let name = self.styled(DEFAULT_EMPHASIS_STYLE, name);
        let note = format!("{:digits$} {sign} {name}: {text}", "");
        report.push_str(note.trim_end());
        report.push('\n');
    }

    /// Writes a named command for a shell below the excerpt, over several lines where it does not fit on one.
    pub(super) fn command(&self, name: &str, words: &[String], report: &mut String) {
        // No text of a document has the one character that cannot be quoted.
        let quoted = words.iter().map(|word| shlex::try_quote(word).unwrap_or_default());
        let (indent, width) = (self.indent() + 2, self.style.width.saturating_sub(" \\".len()));
        let mut column = self.indent() + name.len() + ":".len();
        let mut command = String::new();
        for word in quoted {
            if column + 1 + word.width() > width && !command.is_empty() {
                write!(command, " \\\n{:indent$}{word}", "").expect("a String takes all");
                column = indent + word.width();
            } else {
                write!(command, " {word}").expect("a String takes all");
                column += 1 + word.width();
            }
        }
        let digits = self.digits;
        let sign = self.styled(DEFAULT_LINE_NUM_STYLE, "=");
        let name = self.styled(DEFAULT_EMPHASIS_STYLE, name);
        writeln!(report, "{:digits$} {sign} {name}:{command}", "").expect("a String takes all");
    }

    /// The column at which notes start.
    fn indent(&self) -> usize {
        self.digits + MARGIN
    }

    fn styled(&self, ansi: Ansi, text: &str) -> String {
        if self.style.color { format!("{ansi}{text}{ansi:#}") } else { text.to_owned() }
    }
}

/// The text with each character that a terminal would interpret replaced by one of the same length in bytes, so that
/// spans stay valid.
fn mask_unprintable(text: &str) -> String {
    let sign = |char: char| match (char, char.len_utf8()) {
        ('\n' | '\t', _) => char,
        ('\r', _) => ' ',
        (_, 1) if is_unprintable(char) => '?',
        (_, 2) if is_unprintable(char) => '¿',
        (_, 3) if is_unprintable(char) => char::REPLACEMENT_CHARACTER,
        _ => char,
    };
    text.chars().map(sign).collect()
}
