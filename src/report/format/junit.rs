//! JUnit's XML: a suite for each file that was checked, with a case for each finding, or one that passes if there is
//! none. A case fails if its finding fails the run.

use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use quick_xml::events::BytesText;

use crate::finding::{Finding, Level};
use crate::report::format::{Layout, xml};
use crate::report::{Entry, Format, Fragment, Options, Source, Summary, paths, source};

pub(super) static JUNIT: Entry = Entry {
    name: "junit",
    summary: "JUnit's XML, with a suite for each file",
    make: |Options { root, fail_on, .. }| Box::new(Junit { root, fail_on }),
};

struct Junit {
    root: PathBuf,
    fail_on: Level,
}

impl Format for Junit {
    fn opening(&self) -> String {
        format!("{}<testsuites name=\"imagelint\">\n", xml::DECLARATION)
    }

    fn fragment(&self, source: &Source<'_>) -> Fragment {
        let path = xml::clean(&paths::relative(source.path, &self.root));
        Fragment::of(source.findings, |report, finding| report.push_str(&case(finding, &path, self.fail_on)))
    }

    fn layout(&self) -> Box<dyn Layout + '_> {
        Box::new(Suites { root: &self.root, fail_on: self.fail_on, cases: case_buffer(), tests: 0, failures: 0 })
    }

    /// Ends with a suite of the files that could not be read, or if there was nothing to check, one that says so.
    fn closing(&self, summary: &Summary) -> String {
        let last = match (summary.unreadable.is_empty(), summary.files == 0 && summary.rules.is_empty()) {
            (false, _) => unreadable(summary, &self.root),
            (true, true) => NOTHING.to_owned(),
            (true, false) => String::new(),
        };
        last + "</testsuites>\n"
    }
}

/// The case of a finding.
fn case(finding: &Finding, path: &str, fail_on: Level) -> String {
    xml::written(|writer| {
        let start = finding.location().start();
        let message = xml::clean(&finding.message);
        let details = details(finding, &format!("{path}:{}:{}", start.line, start.column));
        let details = BytesText::new(&details);
        let attributes = [("classname", path), ("name", &xml::clean(&name(finding)))];
        let case = writer.create_element("testcase").with_attributes(attributes);
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
}

/// The name of the case of a finding, which does not change when its line does.
fn name(finding: &Finding) -> String {
    let location = finding.location();
    let embedded = location.embedded_pointer().unwrap_or_default();
    let document = if finding.document == 0 { String::new() } else { format!(" in document {}", finding.document) };
    let pointer = if location.pointer().is_empty() { "/" } else { location.pointer() };
    format!("{} at {pointer}{embedded}{document}", finding.rule.name)
}

fn details(finding: &Finding, position: &str) -> String {
    let (level, rule, message) = (finding.level.name(), finding.rule.name, &finding.message);
    let first = format!("{position}: {level}[{rule}] {message}");
    let help = format!("help: {}", finding.help());
    let source = source(finding).map(|source| format!("source: {source}"));
    let lines: Vec<String> = [first, help].into_iter().chain(source).map(|line| xml::clean(&line)).collect();
    lines.join("\n")
}

/// The suite of a run that found nothing to check. Tools such as Jenkins refuse a report without any case, and a case
/// that passes would be misleading.
const NOTHING: &str = "<testsuite name=\"imagelint\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\">\n\
                       <testcase classname=\"imagelint\" name=\"documents\">\n  \
                       <skipped message=\"there was nothing to check\"/>\n</testcase>\n</testsuite>\n";

/// The suite of the files that could not be read.
fn unreadable(summary: &Summary, root: &Path) -> String {
    let count = summary.unreadable.len().to_string();
    xml::written(|writer| {
        let attributes = [("name", "unreadable"), ("tests", &count), ("failures", "0"), ("errors", &count)];
        let suite = writer.create_element("testsuite").with_attributes(attributes);
        suite
            .write_inner_content(|writer| {
                summary.unreadable.iter().try_for_each(|unreadable| {
                    let path = xml::clean(&paths::relative(&unreadable.path, root));
                    let attributes = [("classname", path.as_str()), ("name", "can be read")];
                    let case = writer.create_element("testcase").with_attributes(attributes);
                    case.write_inner_content(|writer| {
                        let message = xml::clean(&unreadable.error);
                        let error = writer.create_element("error");
                        error.with_attribute(("message", message.as_str())).write_empty().map(drop)
                    })
                    .map(drop)
                })
            })
            .map(drop)
    })
}

/// Buffers the cases of a suite until they are counted: in memory, or if they are many, in a temporary file. Without
/// `cli` there may be no file system.
#[cfg(feature = "cli")]
type CaseBuffer = tempfile::SpooledTempFile;
#[cfg(not(feature = "cli"))]
type CaseBuffer = io::Cursor<Vec<u8>>;

#[cfg(feature = "cli")]
fn case_buffer() -> CaseBuffer {
    const MOST_IN_MEMORY: usize = 1 << 20;
    CaseBuffer::new(MOST_IN_MEMORY)
}

#[cfg(not(feature = "cli"))]
fn case_buffer() -> CaseBuffer {
    CaseBuffer::default()
}

/// Writes suites. The cases of a suite are buffered until they are counted, as its start tag has the counts.
struct Suites<'r> {
    root: &'r Path,
    fail_on: Level,
    cases: CaseBuffer,
    tests: usize,
    failures: usize,
}

impl Layout for Suites<'_> {
    fn fragment(&mut self, _path: &str, fragment: &Fragment, _out: &mut dyn Write) -> io::Result<()> {
        self.tests += fragment.levels().count();
        self.failures += fragment.levels().filter(|level| *level >= self.fail_on).count();
        self.cases.write_all(fragment.text.as_bytes())
    }

    fn end(&mut self, path: &str, is_checked: bool, out: &mut dyn Write) -> io::Result<()> {
        if self.tests == 0 && !is_checked {
            return Ok(());
        }
        let path = xml::clean(&paths::relative(path, self.root));
        let path = quick_xml::escape::escape(&path);
        if self.tests == 0 {
            writeln!(self.cases, "<testcase classname=\"{path}\" name=\"no finding\"/>")?;
            self.tests = 1;
        }
        let (tests, failures) = (std::mem::take(&mut self.tests), std::mem::take(&mut self.failures));
        writeln!(out, "<testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">")?;
        self.cases.rewind()?;
        io::copy(&mut self.cases, out)?;
        self.cases = case_buffer();
        out.write_all(b"</testsuite>\n")
    }
}
