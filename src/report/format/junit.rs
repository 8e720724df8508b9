//! JUnit's XML: a suite for each file that was checked, with a case for each finding or one that
//! passes. A case fails where its finding fails the run.

use std::io::{self, Seek, Write};
use std::path::Path;

use quick_xml::events::BytesText;
use tempfile::SpooledTempFile;

use crate::finding::{Finding, Level};
use crate::report::format::xml;
use crate::report::output::Layout;
use crate::report::{File, Summary, advice, place, sources};

/// The cases of one file's findings.
pub fn file(file: &File<'_>, root: &Path, fail_on: Level) -> String {
    let lines = file.lines();
    let path = xml::clean(&place::relative(file.path, root));
    xml::written(|writer| {
        file.findings.iter().try_for_each(|finding| {
            let position = lines.position(finding.primary.span.start);
            let message = xml::clean(&finding.message);
            let details = details(finding, &format!("{path}:{}:{}", position.line, position.column));
            let details = BytesText::new(&details);
            let case = writer
                .create_element("testcase")
                .with_attributes([("classname", path.as_str()), ("name", &xml::clean(&name(finding)))]);
            case.write_inner_content(|writer| {
                if finding.level >= fail_on {
                    let attributes = [("type", finding.level.name()), ("message", &message)];
                    writer.create_element("failure").with_attributes(attributes).write_text_content(details)
                } else {
                    writer.create_element("system-out").write_text_content(details)
                }
                .map(drop)
            })
            .map(drop)
        })
    })
}

/// The name of a finding's case, which stays when lines move.
fn name(finding: &Finding) -> String {
    let Finding { rule, primary, document, .. } = finding;
    let embedded = primary.embedded.as_deref().unwrap_or_default();
    let document = if *document == 0 { String::new() } else { format!(" in document {document}") };
    format!("{rule} at {}{embedded}{document}", if primary.pointer.is_empty() { "/" } else { &primary.pointer })
}

fn details(finding: &Finding, place: &str) -> String {
    let (level, rule, message) = (finding.level.name(), finding.rule, &finding.message);
    let first = format!("{place}: {level}[{rule}] {message}");
    let help = format!("help: {}", advice(finding));
    let source = sources(finding).first().map(|source| format!("source: {source}"));
    let lines: Vec<String> = [first, help].into_iter().chain(source).map(|line| xml::clean(&line)).collect();
    lines.join("\n")
}

/// What stands before the suites.
pub fn opening() -> String {
    format!("{}<testsuites name=\"imagelint\">\n", xml::DECLARATION)
}

/// What stands for a run that found nothing to check: readers such as Jenkins refuse a report without
/// any case, and one that passes would say too much.
const NOTHING: &str = "<testsuite name=\"imagelint\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\">\n\
                       <testcase classname=\"imagelint\" name=\"documents\">\n  \
                       <skipped message=\"there was nothing to check\"/>\n</testcase>\n</testsuite>\n";

/// What stands after them: first a suite of what could not be read, or of there being nothing.
pub fn closing(summary: &Summary, root: &Path) -> String {
    let count = summary.unreadable.len().to_string();
    let suite = |writer: &mut quick_xml::Writer<Vec<u8>>| {
        let attributes = [("name", "unreadable"), ("tests", &count), ("failures", "0"), ("errors", &count)];
        let suite = writer.create_element("testsuite").with_attributes(attributes);
        suite
            .write_inner_content(|writer| {
                summary.unreadable.iter().try_for_each(|unreadable| {
                    let path = xml::clean(&place::relative(&unreadable.path, root));
                    let attributes = [("classname", path.as_str()), ("name", "can be read")];
                    let case = writer.create_element("testcase").with_attributes(attributes);
                    case.write_inner_content(|writer| {
                        let message = xml::clean(&unreadable.error);
                        writer
                            .create_element("error")
                            .with_attribute(("message", message.as_str()))
                            .write_empty()
                            .map(drop)
                    })
                    .map(drop)
                })
            })
            .map(drop)
    };
    let last = match (summary.unreadable.is_empty(), summary.files == 0 && summary.rules.is_empty()) {
        (false, _) => xml::written(suite),
        (true, true) => NOTHING.to_owned(),
        (true, false) => String::new(),
    };
    last + "</testsuites>\n"
}

/// How many bytes of a suite are held in memory before they go to a temporary file.
const HELD: usize = 1 << 20;

/// Suites, which are held back until their counts are known.
pub(crate) struct Suites<'r> {
    root: &'r Path,
    cases: SpooledTempFile,
    tests: usize,
    failures: usize,
}

impl<'r> Suites<'r> {
    /// With paths from a folder.
    pub(crate) fn new(root: &'r Path) -> Self {
        Suites { root, cases: SpooledTempFile::new(HELD), tests: 0, failures: 0 }
    }
}

impl Layout for Suites<'_> {
    fn part(&mut self, _path: &str, part: &str, _out: &mut dyn Write) -> io::Result<()> {
        // What documents say stands in the part with its markup escaped.
        self.tests += part.matches("<testcase ").count();
        self.failures += part.matches("<failure ").count();
        self.cases.write_all(part.as_bytes())
    }

    fn end(&mut self, path: &str, is_checked: bool, out: &mut dyn Write) -> io::Result<()> {
        if self.tests == 0 && !is_checked {
            return Ok(());
        }
        let path = xml::clean(&place::relative(path, self.root));
        let path = quick_xml::escape::escape(&path);
        if self.tests == 0 {
            writeln!(self.cases, "<testcase classname=\"{path}\" name=\"no finding\"/>")?;
            self.tests = 1;
        }
        let (tests, failures) = (std::mem::take(&mut self.tests), std::mem::take(&mut self.failures));
        writeln!(out, "<testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">")?;
        self.cases.rewind()?;
        io::copy(&mut self.cases, out)?;
        self.cases = SpooledTempFile::new(HELD);
        out.write_all(b"</testsuite>\n")
    }
}
